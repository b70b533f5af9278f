package io.sluice.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;

/** Looks after the calls of handlers in progress, and finds those that do not return. On a thread of its own. */
final class CallWatch implements Agent
{
    /** How long a worker may be in a call, which holds up nobody else, beside a thread of the pipeline. */
    static final int WORKER_FACTOR = 30;

    private static final String WITHOUT_IT = "it gets no more events until it returns";
    private static final String NOTHING_ELSE = "nothing else goes on there until it returns (threading modes PAIRED " +
        "and DEDICATED go on without it)";

    private final EngineCore core;
    private final List<CallGuard> guards = new CopyOnWriteArrayList<>();
    private volatile Consumer<EngineRole> onFenced = (role) ->
    {
    };

    CallWatch(final EngineCore core)
    {
        this.core = core;
    }

    @Override
    public int doWork()
    {
        final long nowNs = core.nowNs();
        int count = 0;
        for (final CallGuard guard : guards)
        {
            count += guard.look(nowNs) ? 1 : 0;
        }
        return count;
    }

    @Override
    public String roleName()
    {
        return EngineRole.WATCH.threadName();
    }

    /** Who starts another thread in the place of one that was fenced. */
    void onFenced(final Consumer<EngineRole> action)
    {
        onFenced = action;
    }

    /**
     * A guard for a thread of the pipeline.
     *
     * @param role   of it.
     * @param onHung when it is fenced, before another thread starts in its place.
     * @return the guard; it is watched until it has fenced its thread.
     */
    CallGuard newStageGuard(final EngineRole role, final BiConsumer<Subscription, HungHandlerException> onHung)
    {
        final ThreadingMode mode = core.context().threadingMode();
        final boolean isFencing = mode == ThreadingMode.PAIRED || mode == ThreadingMode.DEDICATED;
        return add(new CallGuard(
            core.context().hangTimeoutNs(),
            isFencing,
            isFencing ? WITHOUT_IT : NOTHING_ELSE,
            (guard) ->
            {
                final HungHandlerException report = report(guard);
                if (isFencing)
                {
                    remove(guard);
                    onHung.accept(guard.subscription(), report);
                    onFenced.accept(role);
                }
            }));
    }

    /**
     * A guard for a worker, which is fenced.
     *
     * @param isBesideRings whether the rings wait for its call.
     * @param onHung        when it is fenced, on the thread of the watch.
     * @return the guard; it is watched until that is ended.
     */
    CallGuard newWorkerGuard(final boolean isBesideRings, final BiConsumer<CallGuard, HungHandlerException> onHung)
    {
        return add(new CallGuard(
            (isBesideRings ? 1 : WORKER_FACTOR) * core.context().hangTimeoutNs(),
            true,
            WITHOUT_IT,
            (guard) -> onHung.accept(guard, report(guard))));
    }

    /**
     * A guard for a worker that handles batches, of which each event stays open until the call returns.
     *
     * @param onHung when it hangs, on the thread of the watch.
     * @return the guard; it is watched until that is ended.
     */
    CallGuard newBatchGuard(final Runnable onHung)
    {
        return add(new CallGuard(
            WORKER_FACTOR * core.context().hangTimeoutNs(),
            false,
            WITHOUT_IT,
            (guard) ->
            {
                report(guard);
                onHung.run();
            }));
    }

    /** @return guards that are looked after. Any thread. */
    int guards()
    {
        return guards.size();
    }

    /** Any thread: look after a guard no more. */
    void remove(final CallGuard guard)
    {
        guards.remove(guard);
    }

    private CallGuard add(final CallGuard guard)
    {
        guards.add(guard);
        return guard;
    }

    private HungHandlerException report(final CallGuard guard)
    {
        final HungHandlerException report = guard.report();
        guard.subscription().calls().onHung();
        core.onError(report);
        return report;
    }
}
