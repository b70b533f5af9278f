package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.Priority;
import io.sluice.journal.EventAppender;
import io.sluice.journal.JournalAppender;
import java.util.ArrayList;
import java.util.List;

/** Makes {@link EngineStats}. */
final class StatsSnapshot
{
    private StatsSnapshot()
    {
    }

    static EngineStats of(
        final EngineCore core, final EngineState state, final EventAppender appender, final List<StageLoop> loops)
    {
        final List<PriorityStats> priorities = new ArrayList<>();
        long journaled = 0;
        for (final PriorityRing ring : core.rings())
        {
            final PriorityStats stats = of(core, ring);
            priorities.add(stats);
            journaled += stats.sequenced();
        }
        final JournalAppender journal = appender instanceof JournalAppender ? (JournalAppender)appender : null;
        return new EngineStats(
            state,
            appender.runId(),
            core.journaledSequence(),
            core.syncedSequence(),
            journaled,
            journal == null ? 0L : journal.bytesAppended(),
            journal == null ? 0L : journal.rolls(),
            core.errors(),
            List.copyOf(priorities),
            core.types().snapshot(),
            loops.stream().map(StageLoop::stats).toList(),
            appender.storage(),
            core.pressure().load(),
            core.memory().byUser(),
            core.memory().limit());
    }

    private static PriorityStats of(final EngineCore core, final PriorityRing ring)
    {
        final Priority priority = ring.priority();
        final int code = priority.code();
        final PipelineCounts counts = core.counts();
        return new PriorityStats(
            priority,
            ring.claimed() + 1 - counts.voids(code),
            core.admission().refused(code),
            core.admission().refusals(code),
            counts.sequenced(code),
            counts.duplicates(code),
            counts.handled(code),
            counts.failed(code),
            counts.redelivered(code),
            ring.depth(),
            core.admission().spilled(code),
            counts.overBudget(code),
            core.budgetNs(code),
            core.telemetry().handedCopy(code));
    }
}
