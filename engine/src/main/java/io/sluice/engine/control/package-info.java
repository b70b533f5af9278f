/**
 * The control channel: other processes ask a running engine to do something, and get an answer.
 *
 * <pre>
 *   client process                                        engine process, one thread
 *   ControlClient ─► command ring  (telemetry/commands.dat) ─► CommandRing ─► ControlServer ─► ControlHandler
 *         ▲                                                                        │              │ any thread
 *         └── ReplyReader ◄── reply buffer (same file) ◄───────────────────────────┴◄── ControlReply
 *                                                                                  └─► control/audit.ndjson
 * </pre>
 *
 * The file belongs to one run and has mode 0600. Neither side believes what it reads there: lengths and positions are
 * checked against bounds of its own, messages by their checksum, and a file with nonsense in it is made anew by the
 * engine and left by the client with an error. A client that dies or stops while it writes is skipped after a second;
 * one that does not read is overtaken, notices, and asks for what it missed.
 *
 * <p>The engine registers what it can do with {@link io.sluice.engine.control.ControlCommands}; tools use {@link
 * io.sluice.engine.control.ControlClient}.
 */
package io.sluice.engine.control;
