package io.sluice.engine.control;

/**
 * Answers one command: any number of items, then a result or a refusal. Thread-safe; nothing here blocks, throws or
 * waits for the client. Allocates.
 */
public interface ControlReply
{
    /**
     * Send a part of an answer that is a list.
     *
     * @param item to send; all items and the result together may have 16 MiB.
     * @return false if nobody waits for it any more: the command has been answered, its answer has grown too large (and
     *         was refused because of that), its client is gone or the engine was closed.
     */
    boolean item(ControlJson item);

    /**
     * Complete the command.
     *
     * @param result of it.
     * @return false as for {@link #item}.
     */
    boolean done(ControlJson result);

    /**
     * Refuse the command.
     *
     * @param code    for programs, see {@link ControlRefusedException}.
     * @param message for people: what is refused, and what to do next.
     * @return false as for {@link #item}.
     */
    boolean refuse(String code, String message);
}
