/**
 * Events as lines of a log: a type, a payload and little else to say.
 *
 * <pre>
 *   EventLog ◄── EventLogger ── LogBuffer ──► Publisher ──► engine
 *      ▲             │              │ holds what the rings have no room for, in order
 *      └── ContextualLogger    sluice-log: tries again every flush interval
 * </pre>
 *
 * A logger never waits for the engine or the disk; {@code flush} does. What it can't take is refused, with the reason,
 * and counted, before anybody was told that it was logged.
 */
package io.sluice.handlers.log;
