package io.sluice.perf.synced;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An engine with many publishers and one immediate handler; knows afterwards whether the journal has it all. */
final class LaneEngine implements AutoCloseable
{
    private static final int POLL_LIMIT = 1024;

    private final Path directory;
    private final Engine engine;
    private final List<Lane> lanes = new ArrayList<>();
    private final long[] counts;
    private final long[] sequenceSums;
    private long last;

    /**
     * Launch an engine.
     *
     * @param context       of it; the handler is added here.
     * @param payloadLength of the events, bytes.
     * @param publishers    number of them.
     */
    LaneEngine(final EngineContext context, final int payloadLength, final int publishers)
    {
        directory = context.directory();
        counts = new long[publishers];
        sequenceSums = new long[publishers];
        engine = Engine.launch(context.subscribe(
            SubscriptionSpec.to(RecordTemplate.TYPE.toString(), (event) -> {}).name("measured")));
        for (int i = 0; i < publishers; i++)
        {
            lanes.add(new Lane(engine, i, payloadLength));
        }
    }

    List<Lane> lanes()
    {
        return lanes;
    }

    /**
     * Close the engine and read the journal: every publisher's events once each, in their order, all acknowledged, with
     * the sequences that the acknowledgements named.
     *
     * @throws MeasurementException if anything differs.
     */
    void closeAndCheck()
    {
        engine.close();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            int count;
            do
            {
                count = tailer.poll(this::check, POLL_LIMIT);
            }
            while (count > 0);
        }
        for (int i = 0; i < counts.length; i++)
        {
            final Lane lane = lanes.get(i);
            MeasurementException.require("events of publisher " + i + " in the journal", lane.published(), counts[i]);
            MeasurementException.require(
                "acknowledgements of publisher " + i, lane.published(), lane.acknowledged());
            MeasurementException.require(
                "sum of the sequences acknowledged to publisher " + i, sequenceSums[i], lane.sequenceSum());
        }
    }

    @Override
    public void close()
    {
        engine.close();
    }

    private void check(final EventFlyweight event)
    {
        final long number = event.buffer().getLong(event.fieldOffset(EventField.PAYLOAD));
        final int index = Lane.indexOf(number);
        MeasurementException.require("sequence", ++last, event.sequence());
        MeasurementException.require(
            "count of an event of publisher " + index, counts[index]++, Lane.countOf(number));
        MeasurementException.require(
            "verdict of sequence " + last, Verdict.ACCEPTED.code(), event.verdict().code());
        sequenceSums[index] += last;
    }
}
