package io.sluice.perf.alloc;

import io.sluice.event.EncodedText;
import io.sluice.event.EventField;
import java.util.ArrayList;
import java.util.List;

/**
 * Five hundred types and a hundred patterns of three shapes, so that an event has one or two subscriptions. Immutable.
 */
final class AllocTopics
{
    static final int TYPES = 500;
    static final int PATTERNS = 100;

    private static final int KINDS = 5;
    private static final int AREAS_BY_TAIL = 90;
    private static final int AREAS_BY_DEEP_TAIL = 5;

    private final String[] types = new String[TYPES];
    private final EncodedText[] encoded = new EncodedText[TYPES];

    AllocTopics()
    {
        for (int i = 0; i < TYPES; i++)
        {
            types[i] = "alloc.area" + i / KINDS + ".kind" + i % KINDS;
            encoded[i] = EncodedText.of(EventField.TYPE, types[i]);
        }
    }

    String type(final int index)
    {
        return types[index];
    }

    EncodedText encoded(final int index)
    {
        return encoded[index];
    }

    /** All patterns. */
    List<String> patterns()
    {
        final List<String> patterns = new ArrayList<>();
        for (int area = 0; area < AREAS_BY_TAIL; area++)
        {
            patterns.add("alloc.area" + area + ".*");
        }
        for (int area = AREAS_BY_TAIL; area < AREAS_BY_TAIL + AREAS_BY_DEEP_TAIL; area++)
        {
            patterns.add("alloc.area" + area + ".**");
        }
        for (int kind = 0; kind < KINDS; kind++)
        {
            patterns.add("alloc.*.kind" + kind);
        }
        return patterns;
    }

    /** How many of the patterns match a type: all match by kind, all areas but the last five by area. */
    int subscriptionsOf(final int index)
    {
        return index / KINDS < AREAS_BY_TAIL + AREAS_BY_DEEP_TAIL ? 2 : 1;
    }
}
