package io.sluice.engine;

import io.sluice.engine.dedup.Deduplicator;
import io.sluice.event.Priority;
import io.sluice.journal.EventAppender;
import java.util.List;

/**
 * Which stages run on which thread.
 *
 * <pre>
 *   INVOKER, SHARED   [ sequencing, routing, handling ]
 *   PAIRED            [ sequencing ] [ routing, handling ]
 *   DEDICATED         [ sequencing ] [ routing ] [ handling HIGH to LOW ] [ handling CRITICAL ]
 * </pre>
 */
final class Topology
{
    private static final int ALL = (1 << Priority.COUNT) - 1;
    private static final int CRITICAL = 1;

    private Topology()
    {
    }

    static List<StageLoop> of(
        final EngineCore core,
        final EventAppender appender,
        final Deduplicator deduplicator,
        final Redelivery redelivery)
    {
        final SequencingAgent sequencing = new SequencingAgent(core, appender, deduplicator);
        final RoutingAgent routing = new RoutingAgent(core);
        switch (core.context().threadingMode())
        {
            case INVOKER:
            case SHARED:
                return List.of(new StageLoop(
                    EngineRole.ENGINE, core, List.of(sequencing, routing, handling(core, redelivery, ALL))));
            case PAIRED:
                return List.of(
                    new StageLoop(EngineRole.SEQUENCING, core, List.of(sequencing)),
                    new StageLoop(EngineRole.HANDLING, core, List.of(routing, handling(core, redelivery, ALL))));
            default:
                return List.of(
                    new StageLoop(EngineRole.SEQUENCING, core, List.of(sequencing)),
                    new StageLoop(EngineRole.ROUTING, core, List.of(routing)),
                    new StageLoop(
                        EngineRole.HANDLING,
                        core,
                        List.of(new HandlingAgent(core, EngineRole.HANDLING, 0, ALL & ~CRITICAL, redelivery, true))),
                    new StageLoop(
                        EngineRole.CRITICAL,
                        core,
                        List.of(new HandlingAgent(core, EngineRole.CRITICAL, 1, CRITICAL, null, true))));
        }
    }

    private static HandlingAgent handling(final EngineCore core, final Redelivery redelivery, final int priorities)
    {
        // Without a journal nobody but this thread ever calls, unless it hangs and another one goes on.
        final boolean isExclusive = core.context().durability() != Durability.NONE ||
            core.context().threadingMode() == ThreadingMode.PAIRED;
        return new HandlingAgent(core, EngineRole.HANDLING, 0, priorities, redelivery, isExclusive);
    }
}
