/**
 * The event: its record (an SBE message), the values that its fields take, and the ways into and out of it.
 *
 * <pre>
 *   EventBuilder (people) ─┐                         ┌─► EventFlyweight (reads in place)
 *   EventJson, CloudEvents ┼─► EventEncoder ─► record┤
 *   EventEncoder (in a hurry)                        └─► EventJson, CloudEvents JSON
 * </pre>
 *
 * Nothing here knows a journal or an engine. Other processes and languages read records with the schema
 * {@code event-record.xml}; {@link io.sluice.event.EventDescriptor} draws the layout.
 */
package io.sluice.event;
