package io.sluice.engine.control;

/** Why an engine could not be asked, or did not answer. */
public enum ControlFailure
{
    /** No engine with a control channel has run in the directory. */
    NO_ENGINE(false),
    /** The engine that ran there was closed. */
    CLOSED(false),
    /** The process of the engine is gone; it did not close the engine. */
    GONE(false),
    /** What lies there is not the file of a control channel, or was damaged. */
    NOT_A_CHANNEL(false),
    /** The file is of another version of Sluice. */
    OTHER_VERSION(false),
    /** The file belongs to somebody else, or others than its owner may touch it. */
    NOT_OWNED(false),
    /** The command could not be handed over, and will not be carried out. */
    NOT_SENT(false),
    /** No answer in time. The command may still be carried out. */
    NO_ANSWER(true),
    /** The engine went away, or made its channel anew, before it answered. The command may have been carried out. */
    BROKEN_OFF(true),
    /** The engine received the command, but its answer was overwritten before it was read. */
    ANSWER_LOST(true);

    private final boolean isOutcomeUnknown;

    ControlFailure(final boolean isOutcomeUnknown)
    {
        this.isOutcomeUnknown = isOutcomeUnknown;
    }

    /** @return true if the command may have been carried out, or may be later; false if it surely was not. */
    public boolean isOutcomeUnknown()
    {
        return isOutcomeUnknown;
    }
}
