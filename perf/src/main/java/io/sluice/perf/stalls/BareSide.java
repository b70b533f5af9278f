package io.sluice.perf.stalls;

import io.sluice.perf.baseline.BareChronicleAppends;
import io.sluice.perf.baseline.RecordTemplate;
import java.nio.file.Path;

/** The baseline: a loop of bare Chronicle appends, one record each. */
final class BareSide implements AppendSide
{
    private final String name;
    private final RecordTemplate template;
    private final BareChronicleAppends appends;

    /**
     * @param directory     that does not exist yet.
     * @param payloadLength of the events.
     * @param rollSize      0 for Chronicle as shipped.
     */
    BareSide(final Path directory, final int payloadLength, final long rollSize)
    {
        name = rollSize == 0 ? "bare" : "bare-rolling";
        template = new RecordTemplate(payloadLength);
        appends = new BareChronicleAppends(directory, template, rollSize);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public int recordLength()
    {
        return template.length();
    }

    @Override
    public int append(final int due)
    {
        appends.append();
        return 1;
    }

    @Override
    public boolean hasRolled()
    {
        return appends.hasRolled();
    }

    @Override
    public void closeAndCheck()
    {
        appends.closeAndCheck();
    }

    @Override
    public void close()
    {
        appends.close();
    }
}
