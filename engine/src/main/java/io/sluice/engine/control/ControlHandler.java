package io.sluice.engine.control;

/** Carries out commands of one name. */
@FunctionalInterface
public interface ControlHandler
{
    /**
     * Carry out a command. Called on the thread that polls the channel, one call at a time. It must not block: work
     * that takes long is started here and answered from elsewhere, for the reply may be completed later and by any
     * thread. It may allocate.
     *
     * @param command to carry out.
     * @param reply   to be completed, once.
     * @throws ControlRefusedException  to refuse it with a code of its own.
     * @throws IllegalArgumentException to refuse it as {@link ControlRefusedException#BAD_ARGUMENTS}; so does an {@link
     *                                  io.sluice.event.EventValidationException} or a filter that is none. Anything
     *                                  else that is thrown becomes {@link ControlRefusedException#FAILED} and is
     *                                  reported as an error of the engine.
     */
    void onCommand(ControlCommand command, ControlReply reply);
}
