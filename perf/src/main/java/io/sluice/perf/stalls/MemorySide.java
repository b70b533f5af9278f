package io.sluice.perf.stalls;

import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The same loop with a copy to memory in place of the append. What stalls here, the machine stalled: scheduler,
 * hypervisor, safepoints. No side with a file can be better than this.
 */
final class MemorySide implements AppendSide
{
    private static final int LENGTH = 1 << 20;

    private final RecordTemplate template;
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private int offset;
    private long appended;

    MemorySide(final int payloadLength)
    {
        template = new RecordTemplate(payloadLength);
    }

    @Override
    public String name()
    {
        return "memory";
    }

    @Override
    public int recordLength()
    {
        return template.length();
    }

    @Override
    public int append(final int due)
    {
        template.number(appended++);
        if (offset + template.length() > LENGTH)
        {
            offset = 0;
        }
        memory.putBytes(offset, template.buffer(), 0, template.length());
        offset += template.length();
        return 1;
    }

    @Override
    public boolean hasRolled()
    {
        return false;
    }

    @Override
    public void closeAndCheck()
    {
        if (appended > 0)
        {
            MeasurementException.require("last number copied", appended - 1,
                memory.getLong(offset - template.length() + template.numberOffset()));
        }
    }

    @Override
    public void close()
    {
        // Nothing is open.
    }
}
