package io.sluice.handlers.exchange;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Seeded events of every shape that a builder can give them. */
final class RandomRecords
{
    private static final String[] PIECES = {
        "a", "Z", "0", "007", "-", "_", "/", "\"", "\"\"", "\\", "\n", "\r\n", "\r", "\t", "\u0001", "\u007f",
        "ä", "€", "\u2028", "😀", "{", "}", "[", "]", ",", ":", " ", "%", "<", "'", ";", "=", "#"};
    private static final String[] MEDIA_TYPES = {
        "application/json", "text/plain", "application/protobuf", "application/sbe", "application/octet-stream",
        "application/vnd.x+json", "text/csv; header=present", "application/xml", "application/x-Y"};
    private static final String[] JSON = {
        "null", "true", "0", "-1.50e-7", "\"\"", "\"\\u0000\\/ä\"", "[]", "{}", "{ \"a\" : [ 1 , {\"b\":\"]}\"} ] }",
        "[[[[[[1]]]]]]", "{\"a\":1,\"a\":2}", "{\"total\":12.50,\"name\":\"naïve\"}"};

    private final Random random;
    private final EventBuilder builder = new EventBuilder();
    private long count;

    RandomRecords(final long seed)
    {
        random = new Random(seed);
    }

    /** The next event; ids never repeat. */
    EventBuilder next()
    {
        count++;
        builder.clear().type(type());
        builder.eventTimeNs(
            random.nextInt(8) == 0 ? EventDescriptor.NO_EVENT_TIME :
            random.nextBoolean() ? random.nextLong() : random.nextInt());
        if (random.nextBoolean())
        {
            builder.id(new UUID(random.nextLong(), random.nextLong()));
        }
        else
        {
            builder.id("e" + count + text(20));
        }
        final long none = EventDescriptor.NO_AGGREGATE_VERSION;
        builder.priority(Priority.of(random.nextInt(4))).category(Category.of(random.nextInt(5)))
            .source(maybe(30)).subject(maybe(100)).correlationId(maybe(20)).causationId(maybe(20)).sessionId(maybe(20))
            .workflowId(maybe(20)).version(maybe(10))
            .aggregate(maybe(40), maybe(40), random.nextBoolean() ? none : random.nextLong())
            .flags(random.nextInt(4) << 1)
            .contentType(MEDIA_TYPES[random.nextInt(MEDIA_TYPES.length)]);
        switch (random.nextInt(4))
        {
            case 0:
                final byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                builder.payload(bytes);
                break;
            case 1:
                builder.payload(text(100).getBytes(StandardCharsets.UTF_8));
                break;
            case 2:
                builder.payload(JSON[random.nextInt(JSON.length)].getBytes(StandardCharsets.UTF_8));
                break;
            default:
                break;
        }
        for (int i = random.nextInt(4); i > 0; i--)
        {
            builder.metadata(random.nextBoolean() ? "k" + i : text(10), value(0));
        }
        return builder;
    }

    private String text(final int most)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0 && text.length() < most; i--)
        {
            text.append(PIECES[random.nextInt(random.nextInt(4) == 0 ? PIECES.length : 4)]);
        }
        final String all = text.toString();
        return all.getBytes(StandardCharsets.UTF_8).length > most ? "x" : all;
    }

    private String maybe(final int most)
    {
        return random.nextBoolean() ? null : text(most);
    }

    private String type()
    {
        final StringBuilder type = new StringBuilder("t");
        for (int i = random.nextInt(4); i > 0; i--)
        {
            type.append('.').append((char)('a' + random.nextInt(26)));
        }
        return type.toString();
    }

    private Object value(final int depth)
    {
        switch (random.nextInt(depth > 3 ? 5 : 7))
        {
            case 0:
                return null;
            case 1:
                return random.nextBoolean();
            case 2:
                return random.nextLong();
            case 3:
                return random.nextGaussian();
            case 4:
                return text(20);
            case 5:
                final List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--)
                {
                    list.add(value(depth + 1));
                }
                return list;
            default:
                final Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--)
                {
                    map.put(text(8), value(depth + 1));
                }
                return map;
        }
    }
}
