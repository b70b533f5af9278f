package io.sluice.engine.dedup;

import io.sluice.event.Verdict;
import java.util.HashMap;
import java.util.Map;

/** What dedup promises, said the simple way: maps without bound, times in milliseconds. */
final class DedupModel
{
    private final Map<String, long[]> ids = new HashMap<>();
    private final Map<String, long[]> contents = new HashMap<>();
    private final long idHorizonMs;
    private long originalSequence;

    DedupModel(final long idHorizonMs)
    {
        this.idHorizonMs = idHorizonMs;
    }

    /**
     * @param content null for an event whose content does not count.
     */
    Verdict decide(final String id, final String content, final long windowMs, final long sequence, final long nowMs)
    {
        final long[] knownId = ids.get(id);
        if (knownId != null && nowMs - knownId[1] <= idHorizonMs)
        {
            originalSequence = knownId[0];
            return Verdict.DUPLICATE_ID;
        }
        final long[] knownContent = content == null ? null : contents.get(content);
        if (windowMs > 0 && knownContent != null && nowMs - knownContent[1] <= windowMs)
        {
            originalSequence = knownContent[0];
            ids.put(id, new long[]{originalSequence, nowMs});
            return Verdict.DUPLICATE_CONTENT;
        }
        originalSequence = 0;
        ids.put(id, new long[]{sequence, nowMs});
        if (windowMs > 0 && content != null)
        {
            contents.put(content, new long[]{sequence, nowMs});
        }
        return Verdict.ACCEPTED;
    }

    long originalSequence()
    {
        return originalSequence;
    }
}
