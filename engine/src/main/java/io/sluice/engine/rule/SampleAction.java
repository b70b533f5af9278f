package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventValidationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lets some of the events through, and always the same ones: what decides is the event's sequence or its content, mixed
 * with the name of the rule, so that two rules do not pick the same events.
 */
final class SampleAction implements RuleAction
{
    private static final double TWO_TO_53 = 0x1p53;
    private static final long MIX_1 = 0xBF58476D1CE4E5B9L;
    private static final long MIX_2 = 0x94D049BB133111EBL;

    private final SampleBy by;
    private final long salt;
    private final long oneIn;
    private final double share;

    private SampleAction(final String rule, final SampleBy by, final long oneIn, final double share)
    {
        this.by = by;
        this.oneIn = oneIn;
        this.share = share;
        final byte[] name = rule.getBytes(StandardCharsets.UTF_8);
        salt = EventHash.hash64(new UnsafeBuffer(name), 0, name.length);
    }

    static SampleAction oneIn(final String rule, final long oneIn, final SampleBy by)
    {
        if (oneIn < 1)
        {
            throw new EventValidationException(
                "sample", Long.toString(oneIn), "use n for one event in n, 1 or more; to deliver none, discard");
        }
        return new SampleAction(rule, by, oneIn, 0);
    }

    static SampleAction share(final String rule, final double share, final SampleBy by)
    {
        if (!(share > 0 && share <= 1))
        {
            throw new EventValidationException(
                "share", Double.toString(share), "use more than 0, and at most 1 for all; to deliver none, discard");
        }
        return new SampleAction(rule, by, 0, share);
    }

    @Override
    public void apply(final RuleDraft draft)
    {
        if (!picks(draft.original()))
        {
            draft.sampleOut();
        }
    }

    @Override
    public void write(final JsonGenerator out) throws IOException
    {
        if (oneIn > 0)
        {
            out.writeNumberField("sample", oneIn);
        }
        else
        {
            out.writeNumberField("share", share);
        }
        if (by != SampleBy.SEQUENCE)
        {
            out.writeStringField("by", by.label());
        }
    }

    boolean picks(final EventFlyweight event)
    {
        if (oneIn > 0 && by == SampleBy.SEQUENCE)
        {
            // Exactly one in n, wherever one starts to count.
            return Long.remainderUnsigned(event.sequence() + (salt >>> 1), oneIn) == 0;
        }
        final long random = mix(salt ^ (by == SampleBy.SEQUENCE ? event.sequence() : event.contentHashLow()));
        return oneIn > 0 ? Long.remainderUnsigned(random, oneIn) == 0 : (random >>> 11) < share * TWO_TO_53;
    }

    // The finalizer of SplitMix64: neighbours become strangers.
    private static long mix(final long value)
    {
        long mixed = value;
        mixed = (mixed ^ mixed >>> 30) * MIX_1;
        mixed = (mixed ^ mixed >>> 27) * MIX_2;
        return mixed ^ mixed >>> 31;
    }
}
