package io.sluice.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command at a size that says nothing about speed: what counts is that it runs, checks itself and reports. */
class PerfMainTest
{
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @BeforeEach
    void capture()
    {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release()
    {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void shouldMeasureThroughputWhenAsked() throws IOException
    {
        final String json = run("throughput", "--events", "2000", "--calls", "1000", "--rounds", "1", "--warm-up", "1");

        assertTrue(json.contains("\"host\":{\"command\":\"./sluice perf throughput --events 2000 --calls "), json);
        assertFigures(json, "F1", "F1/hand-wired", "F1/bare-chronicle", "F1/sluice-shared-claim", "F2", "F2/everyday",
            "F2/part/clock", "F2/part/hashes");
        assertKept("throughput.json", "publish-call.hlog");
    }

    @Test
    void shouldMeasureLatencyWhenAsked() throws IOException
    {
        final String json = run(
            "latency", "--rates", "2000", "--payloads", "256", "--seconds", "0.2", "--warm-up", "0.1", "--rounds", "1");

        assertFigures(json, "F4", "F4/256B/2000/critical/p99.99", "F4/256B/2000/of-hand-wired", "F5/critical",
            "F4/hiccup/p99.9");
        assertKept("latency.json", "latency.hlog");
    }

    @Test
    void shouldMeasureAllocationWhenAsked() throws IOException
    {
        final String json = run("alloc", "--events", "40000", "--slice", "2000", "--payloads", "64,256");

        assertFigures(json, "F8", "F8/64B/perf-publisher", "F8/256B/rolls", "F8/beside");
        assertKept("alloc.json");
    }

    @Test
    void shouldMeasureStallsWhenAsked() throws IOException
    {
        final String json = run("stalls", "--gb", "0.004", "--rate", "100000", "--slice", "2", "--warm-up", "1",
            "--run-in", "1", "--roll-sizes", "1", "--engine-seconds", "0.1");

        assertFigures(json, "F3", "F3/1MB/of-bare", "F3/1MB/sluice/over-1ms", "F3/1MB/bare/call/p99.9",
            "F3/1MB/roll/p50", "F3/engine/journaled/p99.9", "F3/hiccup/p99.9");
        assertKept("stalls.json", "stalls.hlog", "stalls-timeline.json");
    }

    @Test
    void shouldMeasureSyncedWhenAsked() throws IOException
    {
        final String json = run("synced", "--rounds", "1", "--seconds", "0.1", "--events", "1000", "--publishers", "8",
            "--rate", "1000");

        assertFigures(json, "F6", "F6/1-publisher/of-fdatasync", "F6/8-publishers/of-one-force",
            "F6/8-outstanding/of-one-force", "F6/pipelined/of-aeron-archive", "F6/journaled/beside-of-alone",
            "F6/fdatasync/preallocated/p50", "F6/fdatasync/growing/rate", "F6/aeron-archive/rate", "F6/hiccup/p99.9");
        assertKept("synced.json", "synced.hlog");
    }

    @Test
    void shouldMeasureRecoveryWhenAsked() throws IOException
    {
        final String json = run("recovery", "--rounds", "1", "--files", "0,1", "--roll-size", "1");

        assertFigures(json, "F10", "F10/footprint", "F10/footprint/off-heap", "F11", "F11/restart/0-files/clean",
            "F11/restart/1-files/killed");
        assertKept("recovery.json", "recovery.tsv");
    }

    @Test
    void shouldMeasureReplayWhenAsked() throws IOException
    {
        final String json = run("replay", "--events", "3000", "--rounds", "1");

        assertFigures(json, "F7", "F7/tail/of-bare", "F7/tail-unchecked/of-bare", "F7/schedule",
            "F7/bare-chronicle/rate", "F7/replay-filtered/rate", "F7/schedule/late/p99.9");
        assertKept("replay.json", "replay.hlog");
    }

    @Test
    void shouldMeasureTailersWhenAsked() throws IOException
    {
        final String json = run("tailers", "--rate", "3000", "--seconds", "0.3", "--warm-up", "0.1", "--rounds", "1");

        assertFigures(json, "F11", "F11/tailers/p99/of-burner", "F11/tailers/alone/p50", "F11/tailers/tailers/p99.9",
            "F11/tailers/cpu", "F11/tailers/burner/cpu", "F11/tailers/delivered");
        assertFalse(json.contains("wrong answer"), json);
        assertKept("tailers.json", "tailers.hlog");
    }

    @Test
    void shouldMeasureArchivesWhenAsked() throws IOException
    {
        final String json = run("archive", "--hook-events", "3000", "--roll-size", "1");

        assertFigures(json, "J3", "J3/hooks", "J3/hooks/file-1/ratio", "J3/hooks/of-whole-json",
            "J3/hooks/stored-bytes", "J3/hooks/field/id");
        assertKept("archive.json", "archive-files.tsv", "archive-fields.tsv");
    }

    @Test
    void shouldLoseNothingWhenKilled()
    {
        final int exitCode = PerfMain.run(
            "crash", "--rounds", "12", "--seed", "7", "--json", "--out", directory.resolve("out").toString());

        final String json = stdout();
        assertEquals(0, exitCode, () -> json + err.toString(StandardCharsets.UTF_8));
        assertTrue(json.startsWith("{\"ok\":true,\"rounds\":"), json);
        assertTrue(
            json.contains("\"missing\":0,\"gaps\":0,\"notRedelivered\":0,\"wrongVerdicts\":0,\"phases\":{\"publish\":"),
            json);
        assertFalse(json.contains("\"sync\":0"), json);
        assertFalse(json.contains("\"archive\":0"), json);
        assertFalse(json.contains("\"acknowledged\":0,"), json);
    }

    @Test
    void shouldDeliverAllWhenChaosRules() throws IOException
    {
        final Path summary = directory.resolve("chaos.md");
        final int exitCode = PerfMain.run("chaos", "--minutes", "0.01", "--seed", "7", "--life-ms", "300", "--hang-ms",
            "20", "--json", "--summary", summary.toString(), "--out", directory.resolve("out").toString());

        final String json = stdout();
        assertEquals(0, exitCode, () -> json + err.toString(StandardCharsets.UTF_8));
        assertTrue(json.startsWith("{\"ok\":true,\"seed\":7,\"lives\":"), json);
        assertTrue(json.contains("\"violations\":0,"), json);
        assertTrue(Files.readString(summary).contains("| undelivered | 0 |"));
        assertKept("chaos.json");
    }

    @Test
    void shouldMeasureFanoutWhenAsked() throws IOException
    {
        final String json = run("fanout", "--events", "2000", "--rounds", "1", "--warm-up", "1", "--churn-events",
            "20000", "--changes", "40");

        assertFigures(json, "F11", "F11/filtered", "F11/hundred", "F11/ten", "C6", "C6/immediate-1/lost",
            "C6/tailing-2/repeated", "C6/rate");
        assertTrue(json.contains("during 20000 events\",\"value\":0,"), json);
        assertKept("fanout.json");
    }

    @Test
    void shouldMeasureGrowthWhenAsked() throws IOException
    {
        final String json = run("growth", "--events", "600", "--rounds", "1", "--warm-up", "0", "--publishers", "1,2",
            "--subscriptions", "1,12", "--rules", "1,20", "--sizes", "64,65536", "--journal-events", "640");

        assertFigures(json, "F11", "F11/publishers/2", "F11/publishers/2/of-first", "F11/subscriptions/12/one-matches",
            "F11/subscriptions/12/ten-match", "F11/rules/20/tenth-matches/of-first", "F11/rules/20/one-matches",
            "F11/sizes/65536/payload", "F11/journal/0/rate", "F11/journal/10/clean", "F11/journal/640/of-first",
            "F11/journal/640/killed", "F11/journal/640/restart");
        assertKept("growth.json");
    }

    @Test
    void shouldAccountForEachEventWhenSoaked() throws IOException
    {
        final String json = run("soak", "--minutes", "0.1", "--rate", "4000", "--roll-size", "1");

        // Whether something grows in six seconds says nothing: FlatVerdictTest judges that.
        assertFigures(json, "P1", "P1/heap", "P1/handles/slope", "P1/p99/low", "P1/archive-files", "P1-account",
            "P1-account/expired", "P1-account/dead-letters");
        assertTrue(json.contains("{\"id\":\"P1-account\",\"name\":\"events lost, repeated or not accounted for, and " +
            "errors that were not planted\",\"value\":0,"), json);
        assertTrue(json.contains("\"name\":\"events published\",\"value\":24000,"), json);
        assertKept("soak.json", "soak.hlog", "soak-timeline.json", "soak-machine.hlog");
        final Path page = directory.resolve("soak.html");

        assertEquals(0, PerfMain.run("report", directory.resolve("out").toString(), "--out", page.toString()), err());

        final String html = Files.readString(page);
        assertTrue(html.contains("Memory during the soak"), html);
        assertTrue(html.contains("Intended publish time to handled, whole soak"), html);
    }

    @Test
    void shouldMeasureOverflowWhenAsked() throws IOException
    {
        final String json =
            run("overflow", "--seconds", "0.3", "--limit", "100", "--burst", "2000", "--stream-events", "3000");

        // How much is refused depends on how well the capacity was found in a moment: OverflowResultTest judges that.
        assertFigures(json, "F9", "F9/reject", "F9/reject/accepted", "F9/block/p99.9", "F9/drop-newest",
            "F9/drop-newest/accepted", "F9/spill", "F9-burst", "F9/burst/block/burst/critical/p99.99",
            "F9/burst/spill/steady/low/p50", "D13", "D13/missed");
        assertTrue(json.contains("at 1.5 of capacity\",\"value\":0,"), json);
        assertTrue(json.contains("/burst/refused\",\"name\":\"publish calls that were refused\",\"value\":0,"), json);
        assertKept("overflow.json", "overflow.hlog", "burst.hlog");
    }

    @Test
    void shouldMeasureIsolationWhenAsked() throws IOException
    {
        final String json = run("isolation", "--rate", "500", "--seconds", "0.2", "--warm-up", "0.1");

        assertFigures(json, "F5", "F5/paired/critical/alone/p50", "F5/dedicated/low/beside-critical/max",
            "C7-inversion", "C7-starvation", "C7-starvation/low", "D12-paired", "D12-dedicated-close",
            "D12-dedicated/letters");
        assertKept("isolation.json", "isolation-classes.hlog", "isolation-neighbours.hlog");
    }

    @Test
    void shouldMeasurePeersWhenAsked() throws IOException
    {
        final String json = run(
            "peers", "--only", "guava,queue-file", "--seconds", "0.1", "--events", "1000", "--rounds", "1");

        assertFigures(json, "F12", "F12/guava/p50", "F12/guava/unbatched", "F12/guava/settings", "F12/queue-file/p99",
            "F12/queue-file/batched", "F12/queue-file/waiting", "F12/queue-file/beside/p99.9");
        assertKept("peers.json", "peers.hlog");
    }

    @Test
    void shouldMeasureMechanismsWhenAsked() throws IOException
    {
        final String json = run("jmh", "--quick", "--only", "claim/ring$|append/batch");

        assertFigures(json, "JMH", "JMH/claim/ring", "JMH/claim/ring/bytes", "JMH/append/batch");
        assertFalse(json.contains("ring-and-copy"), json);
        assertTrue(err().contains(" ns/op ± "), err());
        assertKept("jmh.json", "jmh-raw.json", "jmh-log.txt");
        final Path page = directory.resolve("page.html");

        assertEquals(0, PerfMain.run("report", directory.resolve("out").toString(), "--out", page.toString()), err());

        final String html = Files.readString(page);
        assertTrue(html.contains("Mean time of an operation"), html);
        assertTrue(html.contains("Bytes allocated for an operation"), html);
    }

    @Test
    void shouldTabulateLatenciesWhenAsked() throws IOException
    {
        final Path markdown = directory.resolve("table.md");

        final String json = run("table", "--minutes", "0.02", "--durability", "accepted,journaled,synced",
            "--threading", "shared", "--loads", "10,150", "--markdown", markdown.toString());

        assertFigures(json, "TABLE", "TABLE/accepted/shared/capacity", "TABLE/accepted/shared/10/critical/handled/p50",
            "TABLE/journaled/shared/150/pace", "TABLE/journaled/shared/150/low/refused",
            "TABLE/synced/shared/10/high/acknowledged/p99.99", "TABLE/synced/shared/150/normal/acknowledged/max");
        assertTrue(json.startsWith("{\"ok\":true,"), json);
        assertTrue(err().contains("JOURNALED, SHARED, capacity "), err());
        assertKept("table.json", "table-accepted-shared-10.hlog", "table-synced-shared-150.hlog", "table-hiccups.hlog");
        final String text = Files.readString(markdown);
        assertTrue(text.startsWith("```sh\n./sluice perf table --minutes 0.02 --durability"), text);
        assertFalse(text.contains(directory.toString()), text);
        assertTrue(text.contains("### SYNCED, SHARED, capacity "), text);
        final Path page = directory.resolve("page.html");

        assertEquals(0, PerfMain.run("report", directory.resolve("out").toString(), "--out", page.toString()), err());

        final String html = Files.readString(page);
        assertTrue(html.contains("<h3>ACCEPTED, SHARED, capacity "), html);
        assertTrue(html.contains("Intended publish time to handled, JOURNALED, SHARED, 10 % of capacity"), html);
    }

    @Test
    void shouldPutFiguresOfChildrenTogetherWhenTheCoreIsMeasured() throws IOException
    {
        final String json = run("core", "--only", "F9", "--minutes", "5");

        assertFigures(json, "F9", "F9/spill", "D13");
        assertTrue(json.contains("repeat: ./sluice perf overflow --seconds 0.2381\""), json);
        assertTrue(json.contains("\"command\":\"./sluice perf core --only F9 --minutes 5\""), json);
        assertKept("core.json", "commands.txt", "overflow");
        assertTrue(err().contains("[1 of 1] overflow (F9): "), err());
        assertTrue(Files.exists(directory.resolve("out/overflow/overflow.hlog")));
        assertEquals(
            "F9\t./sluice perf overflow --seconds 0.2381\n", Files.readString(directory.resolve("out/commands.txt")));
    }

    @Test
    void shouldFailForAllocationOnlyAndMakeAPageWhenQuick() throws IOException
    {
        final String json = run("quick", "--scale", "0.01");

        assertFigures(json, "F1", "F1/of-hand-wired", "F2/everyday", "F3", "F3/100MB/of-bare", "F8");
        final boolean isAllocationMet = json.matches("(?s).*\\{\"id\":\"F8\",[^}]*\"ok\":true.*");
        assertTrue(json.startsWith("{\"ok\":" + isAllocationMet), json);
        assertKept("quick.json", "commands.txt", "throughput", "stalls", "alloc");
        assertTrue(err().contains("F3/100MB/of-bare"), err());
        final Path page = directory.resolve("page.html");

        assertEquals(0, PerfMain.run("report", directory.resolve("out").toString(), "--out", page.toString()), err());

        final String html = Files.readString(page);
        assertTrue(html.contains("<code>./sluice perf throughput --events 3000 "), html);
        assertTrue(html.contains("One publish call, with reading the clock"), html);
    }

    @Test
    void shouldSayWhatIsWrongWhenThereIsNothingToReport() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "x");

        assertEquals(2, PerfMain.run("report"));
        assertEquals(2, PerfMain.run("report", directory.resolve("none").toString()));
        assertTrue(err().contains("is not a directory"), err());
        assertEquals(2, PerfMain.run("report", directory.toString()));
        assertTrue(err().contains("no results of the harness below " + directory), err());
        Files.writeString(directory.resolve("some.json"), "{\"ok\":true,\"figures\":[],\"host\":{}}");
        assertEquals(3, PerfMain.run("report", directory.toString(), "--out", file.resolve("page").toString()));
        assertTrue(err().contains("can't write"), err());
        Files.writeString(directory.resolve("broken.json"), "{");
        assertEquals(1, PerfMain.run("report", directory.toString()));
        assertTrue(Files.exists(directory.resolve("report.html")));
    }

    @Test
    void shouldRefuseWithAUsageErrorWhenAnOptionMakesNoSense()
    {
        assertEquals(2, PerfMain.run());
        assertEquals(2, PerfMain.run("nonsense"));
        assertEquals(2, PerfMain.run("crash", "--rounds", "5"));
        assertEquals(2, PerfMain.run("alloc", "--events", "10"));
        assertEquals(2, PerfMain.run("alloc", "--payloads", "13"));
        assertEquals(2, PerfMain.run("alloc", "--zero", "0"));
        assertEquals(2, PerfMain.run("latency", "--threading", "invoker"));
        assertEquals(2, PerfMain.run("latency", "--rounds", "0"));
        assertEquals(2, PerfMain.run("throughput", "--events", "1"));
        assertEquals(2, PerfMain.run("stalls", "--roll-sizes", "2000"));
        assertEquals(2, PerfMain.run("archive", "--hook-events", "0"));
        assertEquals(2, PerfMain.run("synced", "--publishers", "0"));
        assertEquals(2, PerfMain.run("recovery", "--files", "4"));
        assertEquals(2, PerfMain.run("recovery", "--files", "4,1"));
        assertEquals(2, PerfMain.run("tailers", "--members", "101"));
        assertEquals(2, PerfMain.run("chaos", "--minutes", "0"));
        assertEquals(2, PerfMain.run("fanout", "--changes", "0"));
        assertEquals(2, PerfMain.run("growth", "--rules", "10,1"));
        assertEquals(2, PerfMain.run("growth", "--only", "rules,weather"));
        assertEquals(2, PerfMain.run("growth", "--rounds", "0"));
        assertEquals(2, PerfMain.run("soak", "--minutes", "0"));
        assertEquals(2, PerfMain.run("soak", "--rate", "1"));
        assertEquals(2, PerfMain.run("overflow", "--threading", "invoker"));
        assertEquals(2, PerfMain.run("isolation", "--rate", "0"));
        assertEquals(2, PerfMain.run("peers", "--load", "0.9"));
        assertEquals(2, PerfMain.run("peers", "--only", "guava,nobody"));
        assertEquals(2, PerfMain.run("table", "--minutes", "0"));
        assertEquals(2, PerfMain.run("table", "--threading", "invoker"));
        assertEquals(2, PerfMain.run("table", "--durability", "none"));
        assertEquals(2, PerfMain.run("jmh", "--only", "nonsense"));
        assertTrue(err().contains("use some of append/batch, "), err());
        assertEquals(2, PerfMain.run("core", "--minutes", "0"));
        assertEquals(2, PerfMain.run("core", "--only", "F1,F99"));
        assertTrue(err().contains("use some of F1,F2,"), err());
        assertEquals(2, PerfMain.run("quick", "--scale", "-1"));
    }

    @Test
    void shouldNameTheDirectoryWhenItCannotBeUsed() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "x");

        assertEquals(3, PerfMain.run("crash", "--out", file.resolve("below").toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(file.toString()));
    }

    // Targets may be missed at this size and on this machine, answers may not be wrong.
    private String run(final String... args)
    {
        final String[] all = Stream
            .concat(Stream.of(args), Stream.of("--json", "--out", directory.resolve("out").toString()))
            .toArray(String[]::new);
        final int exitCode = PerfMain.run(all);
        final String json = stdout();
        assertTrue(exitCode == 0 || exitCode == 1, err.toString(StandardCharsets.UTF_8));
        assertTrue(json.startsWith("{\"ok\":" + (exitCode == 0) + ",\"figures\":["), json);
        assertTrue(json.endsWith("}\n"), json);
        assertEquals(json.length() - 1, json.indexOf('\n'), "one line only");
        assertFalse(json.contains("wrong answer"), json);
        return json;
    }

    private String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String stdout()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertFigures(final String json, final String... ids)
    {
        for (final String id : ids)
        {
            assertTrue(json.contains("{\"id\":\"" + id + "\","), () -> id + " is not in " + json);
        }
    }

    // What was asked for is kept, what was needed meanwhile is gone.
    private void assertKept(final String... names) throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("out")))
        {
            final List<String> found = files.map((file) -> file.getFileName().toString()).collect(Collectors.toList());
            assertTrue(found.containsAll(List.of(names)), found.toString());
            assertTrue(found.stream().noneMatch((name) -> name.startsWith("scratch")), found.toString());
        }
    }
}
