package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random and mutated filters: each gives an answer or an error with a column, and nothing else comes of it. As many as
 * {@code sluice.fuzz.rounds} says, from {@code sluice.fuzz.seed} on.
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

    @Test
    void shouldAnswerOrPointWhenFiltersAreRandom()
    {
        final long rounds = Long.getLong("sluice.fuzz.rounds", 100_000);
        final long seed = Long.getLong("sluice.fuzz.seed", 1);
        final EventFlyweight event = new FilterFixture().sample();
        long valid = 0;
        long matching = 0;
        for (long i = 0; i < rounds; i++)
        {
            final Random random = new Random(seed * 31 + i);
            final String filter = random.nextInt(3) == 0 ? pieces(random) : mutated(condition(random, 3), random);
            try
            {
                matching += EventFilter.of(filter).matches(event) ? 1 : 0;
                valid++;
            }
            catch (final EventFilterException ex)
            {
                assertTrue(
                    ex.column() >= 1 && ex.column() <= filter.codePointCount(0, filter.length()) + 1,
                    () -> filter + ": " + ex.getMessage());
            }
            catch (final RuntimeException | StackOverflowError ex)
            {
                throw new AssertionError(filter, ex);
            }
        }
        LOGGER.warn("filter fuzz: {} filters from seed {}, {} valid, {} matching", rounds, seed, valid, matching);
        assertTrue(valid > rounds / 10 && matching > rounds / 100, valid + " valid, " + matching + " matching");
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
