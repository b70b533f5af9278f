package io.sluice.perf.growth;

import io.sluice.engine.EngineContext;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.rule.RuleStats;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import io.sluice.perf.subject.TimedStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One publisher before an engine with a table of rules. Those that match, match every event and copy it to the one
 * subscription, which gets it in any case: what is added is the work of the rules, not that of another handler.
 */
final class ManyRules implements Contender
{
    private static final String MATCHING = "hit-";
    private static final String SUBSCRIPTION = "measured";

    private final int rules;
    private final int matching;
    private final int payloadLength;
    private final TimedStream stream = new TimedStream();

    /**
     * @param rules         in the table, at least 1.
     * @param matching      those of them that match every event, at least 1.
     * @param payloadLength of the events, at least 8.
     */
    ManyRules(final int rules, final int matching, final int payloadLength)
    {
        this.rules = rules;
        this.matching = matching;
        this.payloadLength = payloadLength;
    }

    @Override
    public String name()
    {
        return rules + "-rules-" + matching + "-match";
    }

    @Override
    public String profile()
    {
        return stream.profile();
    }

    @Override
    public double eventsPerSecond(final Path directory, final int warmUp, final int events)
    {
        final EngineContext context = new EngineContext().directory(directory).rules(table());
        try (MeasuredEngine engine = new MeasuredEngine(context, payloadLength, (number, priority) -> {}))
        {
            final double rate = stream.run(engine, PublishPath.EVERYDAY, warmUp, events);
            check(engine.engine().rules().stats(), warmUp + (long)events);
            engine.closeAndCheck();
            return rate;
        }
    }

    // The others are spread among them. Their patterns begin with the same name as the type of the events, so that no
    // index by the first name spares them.
    private List<RoutingRule> table()
    {
        final List<RoutingRule> table = new ArrayList<>();
        for (int i = 0; i < rules; i++)
        {
            final boolean isMatching = (long)i * matching / rules != (long)(i + 1) * matching / rules;
            table.add(RoutingRule.named((isMatching ? MATCHING : "miss-") + i)
                .order(i)
                .pattern(isMatching ? RecordTemplate.TYPE.toString() : "perf.elsewhere" + i + ".*")
                .copyTo(SUBSCRIPTION)
                .build());
        }
        return table;
    }

    private void check(final List<RuleStats> stats, final long events)
    {
        MeasurementException.require("rules", rules, stats.size());
        int matched = 0;
        for (final RuleStats one : stats)
        {
            final boolean isMatching = one.rule().name().startsWith(MATCHING);
            MeasurementException.require(
                "events that rule " + one.rule().name() + " matched", isMatching ? events : 0, one.matched());
            matched += isMatching ? 1 : 0;
        }
        MeasurementException.require("rules that match", matching, matched);
    }
}
