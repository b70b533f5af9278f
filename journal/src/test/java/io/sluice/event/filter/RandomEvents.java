package io.sluice.event.filter;

import io.sluice.event.Timestamps;
import io.sluice.event.Verdict;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Seeded events over small vocabularies, so that filters meet them: ids that come again, of which some are long and
 * some have one hash; times that are missing, out of order, or far off; values that are empty, and duplicates.
 */
public final class RandomEvents
{
    /** When the first one is recorded, nanoseconds since 1970 UTC. */
    public static final long START_NS = 1_705_700_000_000_000_000L;
    /** Between the first and the last of them. */
    static final long SPAN_NS = 200_000_000_000L;
    static final String[] TYPES = {
        "order.created", "order.changed", "order.item.added", "payment.failed", "hook.executed", "pipeline.stage.done",
        "order", "pipeline.stage." + "x".repeat(200)};
    static final String[] SOURCES = {"desk", "api", "critical", "wörker-1", "worker_2", "desk/" + "s".repeat(200)};
    static final String[] WORDS = {
        "error", "ok", "timeout", "a%b", "5", "1.5", "TRUE", "2024-01-20", "", "naïve😀", "x*y", "say \"hi\" \\n",
        "  spaced ", "+7", "1e3", "l".repeat(300)};
    static final String[] CATEGORIES = {"domain", "system", "integration", "ui", "plugin"};
    static final String[] PRIORITIES = {"critical", "high", "normal", "low"};
    private static final String LONG = "the same beginning of one hundred characters ".repeat(3).substring(0, 100);

    private final long seed;
    private final Random random;
    private final long stepNs;
    private NaiveTexts texts = new NaiveTexts();
    private final int[] idNumbers;
    private final int count;
    private long recordedNs = START_NS;
    private int sequence;

    /**
     * @param seed  of everything.
     * @param count of events that there will be.
     */
    public RandomEvents(final long seed, final int count)
    {
        this.seed = seed;
        this.count = count;
        random = new Random(seed);
        stepNs = SPAN_NS / count;
        idNumbers = new int[count + 1];
    }

    /** @return the texts of the events. */
    public NaiveTexts texts()
    {
        return texts;
    }

    /** The events so far are looked at no more. */
    void forgetTexts()
    {
        texts = new NaiveTexts();
    }

    /** @return the next event. */
    public NaiveEvent next()
    {
        sequence++;
        // Some are recorded at the same time.
        recordedNs += random.nextInt(4) * stepNs / 2;
        final NaiveEvent event = new NaiveEvent(sequence, recordedNs);
        final NaiveJson json = NaiveJson.object();
        idNumbers[sequence] = sequence;
        if (sequence > 1 && random.nextInt(30) == 0)
        {
            repeat(event);
        }
        text(event, json, FilterField.ID, "id", id(seed, idNumbers[sequence]));
        text(event, json, FilterField.TYPE, "type", pick(TYPES));
        event.set(FilterField.SPECVERSION, texts.of("1.0"));
        maybe(event, json, FilterField.SOURCE, "source", () -> pick(SOURCES));
        maybe(event, json, FilterField.SUBJECT, "subject", () -> "subject " + random.nextInt(5));
        maybe(event, json, FilterField.CORRELATION_ID, "correlation_id", () -> correlation(skewed(groups(20))));
        maybe(event, json, FilterField.CAUSATION_ID, "causation_id", () -> id(seed, 1 + random.nextInt(count)));
        maybe(event, json, FilterField.SESSION_ID, "session_id", () -> session(skewed(50)));
        maybe(event, json, FilterField.WORKFLOW_ID, "workflow_id", () -> "w-" + random.nextInt(20));
        maybe(event, json, FilterField.VERSION, "version", () -> pick("1", "1.2", "v3"));
        text(event, json, FilterField.PRIORITY, "priority", pick(PRIORITIES));
        text(event, json, FilterField.CATEGORY, "category", pick(CATEGORIES));
        aggregate(event, json);
        flags(event, json);
        time(event);
        metadata(event, json);
        payload(event, json);
        event.setJson(NaiveJson.write(json));
        return event;
    }

    /** @return the id of an event; those from 1 to the number of events occur, others don't. */
    static String id(final long seed, final int number)
    {
        final Random random = new Random(seed * 31 + number);
        final UUID uuid = new UUID(random.nextLong(), random.nextLong());
        return switch (random.nextInt(10))
        {
            case 0 -> uuid.toString().toUpperCase(Locale.ROOT);
            case 1, 2 -> "id-" + number;
            case 3 -> collision(number) + number;
            default -> uuid.toString();
        };
    }

    static String correlation(final int number)
    {
        return switch (number % 8)
        {
            case 0 -> LONG + number;
            case 1 -> collision(number);
            default -> "c-" + number;
        };
    }

    static String session(final int number)
    {
        return number % 5 == 0 ? LONG + "s" + number : "s-" + number;
    }

    static String aggregateId(final int number)
    {
        return number % 6 == 0 ? collision(number) : "a-" + number;
    }

    // All of these have the same hash code.
    private static String collision(final int number)
    {
        final StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 12; bit++)
        {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    private int groups(final int size)
    {
        return Math.max(10, count / size);
    }

    // Few are frequent, many are rare.
    private int skewed(final int bound)
    {
        final double part = random.nextDouble();
        return (int)(bound * part * part);
    }

    private void repeat(final NaiveEvent event)
    {
        final int original = 1 + random.nextInt(sequence - 1);
        if (random.nextBoolean())
        {
            idNumbers[sequence] = idNumbers[original];
            event.setDuplicate(Verdict.DUPLICATE_ID, original);
        }
        else
        {
            event.setDuplicate(Verdict.DUPLICATE_CONTENT, original);
        }
    }

    private void aggregate(final NaiveEvent event, final NaiveJson json)
    {
        if (random.nextInt(4) == 0)
        {
            return;
        }
        text(event, json, FilterField.AGGREGATE_TYPE, "aggregate_type", pick("Order", "Payment", "Größe"));
        text(event, json, FilterField.AGGREGATE_ID, "aggregate_id", aggregateId(skewed(groups(50))));
        if (random.nextInt(10) > 0)
        {
            final Long version = Long.valueOf(random.nextInt(9));
            event.set(FilterField.AGGREGATE_VERSION, version);
            json.put("aggregate_version", version);
        }
    }

    private void flags(final NaiveEvent event, final NaiveJson json)
    {
        final boolean isReplayed = random.nextInt(20) == 0;
        final String verdict = event.verdict() == Verdict.DUPLICATE_ID ? "duplicate-id" :
            event.verdict() == Verdict.DUPLICATE_CONTENT ? "duplicate-content" : "";
        if (isReplayed)
        {
            json.put("flags", NaiveJson.array().add(texts.of("replayed")));
        }
        final String names = verdict + (isReplayed ? (verdict.isEmpty() ? "" : ",") + "replayed" : "");
        event.set(FilterField.FLAGS, names.isEmpty() ? null : texts.of(names));
    }

    private void time(final NaiveEvent event)
    {
        switch (random.nextInt(10))
        {
            case 0 ->
            {
                return;
            }
            case 1 -> event.setTime(START_NS + (random.nextLong() >> 20));
            case 2, 3 -> event.setTime(recordedNs - random.nextInt(100) * 1_000_000_000L);
            case 4 -> event.setTime(START_NS + random.nextInt(200) * 1_000_000_000L);
            default -> event.setTime(recordedNs - random.nextInt(5_000_000));
        }
    }

    private void metadata(final NaiveEvent event, final NaiveJson json)
    {
        final NaiveJson metadata = NaiveJson.object();
        maybe(metadata, "host", () -> texts.of(pick("w1", "w2")));
        maybe(metadata, "hops", () -> Long.valueOf(random.nextInt(5)));
        maybe(metadata, "Zone", () -> random.nextInt(5) == 0 ? null : texts.of(pick(WORDS)));
        if (!metadata.isEmpty())
        {
            event.setMetadata(metadata);
            json.put("metadata", metadata);
        }
    }

    private void payload(final NaiveEvent event, final NaiveJson json)
    {
        final int kind = random.nextInt(20);
        if (kind < 2)
        {
            return;
        }
        final Object payload = kind == 2 ? null : kind == 3 ? Long.valueOf(7) : kind < 6 ? texts.of(pick(WORDS)) :
            kind == 6 ? list() : object(2);
        json.put("payload", payload);
        if (kind == 4)
        {
            json.put("content_type", texts.of("text/plain"));
            event.set(FilterField.CONTENT_TYPE, texts.of("text/plain"));
            event.setPayload(payload.toString().isEmpty() ? null : (NaiveText)payload, null);
        }
        else
        {
            event.set(FilterField.CONTENT_TYPE, texts.of("application/json"));
            event.setPayload(NaiveText.made(NaiveJson.write(payload)), payload);
        }
    }

    private NaiveJson object(final int depth)
    {
        final NaiveJson object = NaiveJson.object();
        for (final String name : new String[]{"status", "message", "n", "d", "ok", "list", "deep"})
        {
            maybe(object, name, () -> value(name, depth));
        }
        return object;
    }

    private Object value(final String name, final int depth)
    {
        return random.nextInt(30) == 0 ? null : switch (name)
        {
            case "n" -> random.nextInt(20) == 0 ? random.nextLong() : Long.valueOf(random.nextInt(12));
            case "d" -> random.nextInt(40) / 8.0;
            case "ok" -> random.nextBoolean();
            case "list" -> list();
            case "deep" -> depth == 0 ? texts.of("bottom") : object(depth - 1);
            default -> texts.of(random.nextInt(20) == 0 ?
                Timestamps.text(START_NS + random.nextInt(200) * 1_000_000_000L) : pick(WORDS));
        };
    }

    private NaiveJson list()
    {
        final NaiveJson list = NaiveJson.array();
        for (int i = random.nextInt(4); i > 0; i--)
        {
            list.add(random.nextInt(9) == 0 ? object(0) : value(pick("status", "n", "ok", "d"), 0));
        }
        return list;
    }

    // An empty text is as good as none.
    private void text(
        final NaiveEvent event, final NaiveJson json, final FilterField field, final String name, final String value)
    {
        final NaiveText text = texts.of(value);
        json.put(name, text);
        event.set(field, value.isEmpty() ? null : text);
    }

    private void maybe(
        final NaiveEvent event,
        final NaiveJson json,
        final FilterField field,
        final String name,
        final Supplier<String> value)
    {
        final int kind = random.nextInt(20);
        if (kind > 3)
        {
            text(event, json, field, name, kind == 4 ? "" : value.get());
        }
    }

    private void maybe(final NaiveJson target, final String name, final Supplier<Object> value)
    {
        if (random.nextInt(5) > 0)
        {
            target.put(name, value.get());
        }
    }

    private String pick(final String... choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
