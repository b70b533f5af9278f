package io.sluice.engine;

import io.sluice.replay.ReplayContext;

/** What an {@link EngineReplay} replays, and into which engine. Not thread-safe; read at open. */
public final class EngineReplayContext
{
    private Engine engine;
    private ReplayContext replay;
    private boolean isSkippingRefused;

    /** A context without an engine and without a journal; both must be set. */
    public EngineReplayContext()
    {
        // Fields hold the defaults.
    }

    /**
     * @param value that the events are published into; must be set, and must keep a journal.
     * @return this.
     */
    public EngineReplayContext engine(final Engine value)
    {
        engine = value;
        return this;
    }

    /** @return the engine that the events are published into. */
    public Engine engine()
    {
        return engine;
    }

    /**
     * @param value which journal, which events of it, how fast, and under which checkpoint; must be set. Destination
     *              and when the place is saved are set by the replay.
     * @return this.
     */
    public EngineReplayContext replay(final ReplayContext value)
    {
        replay = value;
        return this;
    }

    /** @return what is replayed. */
    public ReplayContext replay()
    {
        return replay;
    }

    /**
     * @param isSkipping true to count and pass over an event that the engine can't take, for example because it is
     *                   longer than the engine's {@code maxEventLength}; default: false, the replay ends with an error
     *                   before it.
     * @return this.
     */
    public EngineReplayContext skipRefused(final boolean isSkipping)
    {
        isSkippingRefused = isSkipping;
        return this;
    }

    /** @return true if events that the engine can't take are passed over. */
    public boolean skipRefused()
    {
        return isSkippingRefused;
    }
}
