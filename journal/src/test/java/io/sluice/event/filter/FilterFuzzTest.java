package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random and mutated filters: each gives an answer or an error with a column, and nothing else comes of it, in bounded
 * time. As many as {@code sluice.fuzz.rounds} says, from {@code sluice.fuzz.seed} on. The thread of the test watches
 * the one that works.
 */
class FilterFuzzTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(FilterFuzzTest.class);
    private static final String[] PIECES = {
        "type", "source", "payload.status", "payload.list[1]", "metadata['x']", "timestamp", "priority", "sequence",
        "missing", "'a'", "\"b\"", "'%a_*'", "'2024-01-20'", "'a{2}|b*'", "1", "0", "2.5", "9223372036854775807", "-",
        "+", "*", "/", "%", "=", "!=", "<>", "<", "<=", ">", ">=", "AND", "OR", "XOR", "NOT", "LIKE", "IN", "EXISTS",
        "CONTAINS", "MATCHES", "REGEXP", "(", ")", ",", "TRUE", "FALSE", "LENGTH", "INT", "SUBSTRING", "ABS", "TIME",
        ".", "[", "]", "'", "\\", "ä", "😀", "\u0000", "#", "1.5e300"};

    private static final int WARM_UP = 1000;
    private static final long MAX_CPU_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MS = 100;

    private final long rounds = Long.getLong("sluice.fuzz.rounds", 100_000);
    private final long seed = Long.getLong("sluice.fuzz.seed", 1);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<EventFlyweight> events = events();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile String current = "";
    private volatile long currentSinceNs;
    private long valid;
    private long answers;
    private long matching;
    private long errors;
    private String slowest = "";
    private long slowestNs;
    private String slowestError = "";
    private long slowestErrorNs;

    @Test
    void shouldAnswerOrPointWhenFiltersAreRandom() throws InterruptedException
    {
        final Thread worker = new Thread(this::work, "filter-fuzz");
        worker.setDaemon(true);
        worker.start();
        while (worker.isAlive())
        {
            worker.join(LOOK_MS);
            watch(worker);
        }
        if (failure.get() != null)
        {
            throw new AssertionError(current, failure.get());
        }
        LOGGER.warn(String.format(
            Locale.ROOT,
            "filter fuzz: %,d filters from seed %d: %,d valid with %,d answers, %,d of them true; %,d errors with a " +
            "column; slowest to compile and answer %,d us: %s; slowest error %,d us: %s",
            rounds, seed, valid, answers, matching, errors, slowestNs / 1000, printable(slowest),
            slowestErrorNs / 1000, printable(slowestError)));
        assertEquals(rounds, valid + errors);
        assertTrue(valid > rounds / 10 && matching > rounds / 100, valid + " valid, " + matching + " matching");
    }

    // The time that the filter was worked on, which waiting for a core is no part of.
    private void watch(final Thread worker)
    {
        final String filter = current;
        final long cpuNs = threads.getThreadCpuTime(worker.getId()) - currentSinceNs;
        if (cpuNs > MAX_CPU_NS && filter.equals(current))
        {
            final AssertionError hung = new AssertionError(
                "after " + cpuNs / 1_000_000 + " ms of work there is neither an answer nor an error: " + filter);
            hung.setStackTrace(worker.getStackTrace());
            throw hung;
        }
    }

    private void work()
    {
        try
        {
            for (long i = 0; i < rounds; i++)
            {
                final Random random = new Random(seed * 31 + i);
                final String filter = random.nextInt(3) == 0 ? pieces(random) : mutated(condition(random, 3), random);
                currentSinceNs = threads.getCurrentThreadCpuTime();
                current = filter;
                judge(filter);
            }
        }
        catch (final Throwable ex)
        {
            failure.set(ex);
        }
    }

    private void judge(final String text)
    {
        try
        {
            final EventFilter filter = EventFilter.of(text);
            for (final EventFlyweight event : events)
            {
                matching += filter.matches(event) ? 1 : 0;
                answers++;
            }
            valid++;
            final long ns = threads.getCurrentThreadCpuTime() - currentSinceNs;
            // The first ones load classes.
            if (ns > slowestNs && valid > WARM_UP)
            {
                slowestNs = ns;
                slowest = text;
            }
        }
        catch (final EventFilterException ex)
        {
            assertTrue(
                ex.column() >= 1 && ex.column() <= text.codePointCount(0, text.length()) + 1,
                () -> text + ": " + ex.getMessage());
            errors++;
            final long ns = threads.getCurrentThreadCpuTime() - currentSinceNs;
            if (ns > slowestErrorNs && errors > WARM_UP)
            {
                slowestErrorNs = ns;
                slowestError = text;
            }
        }
    }

    private static String printable(final String text)
    {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static List<EventFlyweight> events()
    {
        final List<EventFlyweight> events = new ArrayList<>();
        events.add(new FilterFixture().sample());
        events.add(new FilterFixture().json("{\"type\":\"t\"}"));
        final FilterFixture broken = new FilterFixture();
        broken.builder.clear().type("t").payload("{\"status\":\"error\",".getBytes(StandardCharsets.UTF_8));
        events.add(broken.encode(1));
        return events;
    }

    private static String pieces(final Random random)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(20); i > 0; i--)
        {
            text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextInt(3) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private static String condition(final Random random, final int depth)
    {
        final int kind = depth == 0 ? 1 + random.nextInt(6) : random.nextInt(8);
        return switch (kind)
        {
            case 0, 7 -> "(" + condition(random, depth - 1) + pick(random, " AND ", " OR ", " XOR ") +
                condition(random, depth - 1) + ")";
            case 1 -> value(random, depth) + pick(random, " = ", " < ", " >= ", " != ") + value(random, depth);
            case 2 -> value(random, depth) + pick(random, " LIKE '%a%'", " LIKE 'p*_'", " MATCHES 'pipeline.*'",
                " REGEXP 'a+(b|c)?'", " NOT LIKE ''");
            case 3 -> value(random, depth) + " IN (" + value(random, depth) + ", " + value(random, depth) + ")";
            case 4 -> "EXISTS " + pick(random, "subject", "payload.list[0]", "missing", "metadata.host");
            case 5 -> value(random, depth) + " CONTAINS " + value(random, depth);
            default -> pick(random, "TRUE", "FALSE", "NOT TRUE", "payload.ok", "NOT (1 = 2)");
        };
    }

    private static String value(final Random random, final int depth)
    {
        if (depth > 0 && random.nextInt(4) == 0)
        {
            return pick(random, "ABS(", "LENGTH(", "STRING(", "(1 + ", "(2 * ") + value(random, depth - 1) + ")";
        }
        return pick(random, "type", "source", "sequence", "payload.duration_ms", "payload.status", "payload.list",
            "payload.deep.a[0]", "priority", "timestamp", "5", "1.5", "'error'", "'5'", "hops", "missing", "'high'");
    }

    private static String mutated(final String filter, final Random random)
    {
        final List<Integer> characters = new ArrayList<>(filter.codePoints().boxed().toList());
        for (int i = random.nextInt(4); i > 0 && !characters.isEmpty(); i--)
        {
            final int at = random.nextInt(characters.size());
            switch (random.nextInt(4))
            {
                case 0 -> characters.remove(at);
                case 1 -> characters.add(at, characters.get(random.nextInt(characters.size())));
                case 2 -> characters.set(at, random.nextInt(0x300));
                default -> characters.add(at, (int)"'\"()[]\\.%<=-"
                    .charAt(random.nextInt(12)));
            }
        }
        final StringBuilder text = new StringBuilder();
        characters.forEach(text::appendCodePoint);
        return text.toString();
    }

    private static String pick(final Random random, final String... choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
