package io.sluice.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Fills builders with seeded random values from all over the allowed ranges. */
public final class RandomEvents
{
    private static final String[] CHARACTERS = {
        "a", "Z", "0", "-", "_", "/", "\"", "\\", "\n", "\t", "\u0000", "\u001f", "\u007f", "\u00e4", "\u20ac",
        "\u2028",
        "\ud83d\ude00", "{", "}", "[", "]", ",", ":", " ", "%", "<"};
    private static final String[] MEDIA_TYPES = {
        "application/json", "text/plain", "application/protobuf", "application/sbe", "application/octet-stream",
        "application/vnd.x+json", "text/csv; header=present", "application/xml", "application/x-Y"};
    private static final String[] JSON = {
        "null", "true", "0", "-1.50e-7", "\"\"", "\"\\u0000\\/\u00e4\"", "[]", "{}",
        "{ \"a\" : [ 1 , {\"b\":\"]}\"} ] }",
        "[[[[[[1]]]]]]", "{\"a\":1,\"a\":2}"};

    private final Random random;

    public RandomEvents(final long seed)
    {
        random = new Random(seed);
    }

    public void fill(final EventBuilder builder)
    {
        builder.clear().type(type()).eventTimeNs(random.nextBoolean() ? random.nextLong() : random.nextInt());
        switch (random.nextInt(3))
        {
            case 0:
                builder.id(new UUID(random.nextLong(), random.nextLong()));
                break;
            case 1:
                builder.id(new UUID(random.nextLong(), random.nextLong()).toString().toUpperCase(Locale.ROOT));
                break;
            default:
                builder.id('e' + text(60));
                break;
        }
        final long none = EventDescriptor.NO_AGGREGATE_VERSION;
        builder.priority(Priority.of(random.nextInt(4))).category(Category.of(random.nextInt(5)))
            .source(maybe(30)).subject(maybe(200)).correlationId(maybe(30)).causationId(maybe(30)).sessionId(maybe(30))
            .workflowId(maybe(30)).version(maybe(15))
            .aggregate(maybe(60), maybe(60), random.nextBoolean() ? none : random.nextLong())
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
                builder.payload(EventFixture.utf8(text(100)));
                break;
            case 2:
                builder.payload(EventFixture.utf8(JSON[random.nextInt(JSON.length)]));
                break;
            default:
                break;
        }
        for (int i = random.nextInt(5); i > 0; i--)
        {
            builder.metadata(random.nextBoolean() ? "k" + i : text(10), value(0));
        }
    }

    String text(final int most)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--)
        {
            text.append(CHARACTERS[random.nextInt(random.nextInt(4) == 0 ? CHARACTERS.length : 4)]);
        }
        return text.toString();
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
