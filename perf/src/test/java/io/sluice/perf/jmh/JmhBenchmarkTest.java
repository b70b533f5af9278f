package io.sluice.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JmhBenchmarkTest
{
    @Test
    void shouldFindEachMechanismWhenAllAreAskedFor()
    {
        final List<String> mechanisms = JmhBenchmark.find(Pattern.compile("")).stream()
            .map((benchmark) -> benchmark.name().replaceAll("/.*", "")).distinct().sorted()
            .collect(Collectors.toList());

        assertEquals(
            List.of("append", "claim", "dedup", "encode", "filter", "hash", "histogram", "idle", "poll", "publish",
                "route", "tail"),
            mechanisms);
    }

    @Test
    void shouldFindAPartOfTheNameWhenSomeAreAskedFor()
    {
        final List<JmhBenchmark> found = JmhBenchmark.find(Pattern.compile("^hash/hash"));

        assertEquals(
            List.of(
                new JmhBenchmark("hash/hash128", "io.sluice.perf.jmh.HashBenchmark.hash128", 2),
                new JmhBenchmark("hash/hash64", "io.sluice.perf.jmh.HashBenchmark.hash64", 2)),
            found);
        assertTrue(JmhBenchmark.find(Pattern.compile("nothing")).isEmpty());
    }

    @Test
    void shouldWriteWordsWhenANameHasHumps()
    {
        assertEquals("claim/ring-and-copy", JmhBenchmark.nameOf("io.sluice.perf.jmh.ClaimBenchmark.ringAndCopy"));
    }
}
