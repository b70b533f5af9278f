package io.sluice.perf.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.RawOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersRunTest
{
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void shouldNoteAndGoOnWhenAPeerIsNotInstalled() throws IOException
    {
        final FigureReport report = judge(List.of(() -> new Absent(), () -> new QueueFilePeer(false)));

        final String json = report.toJson();
        assertTrue(json.contains("{\"id\":\"F12/absent/skipped\""), json);
        assertTrue(json.contains("absent-server is not installed"), json);
        assertTrue(json.contains("{\"id\":\"F12/queue-file/p99\""), json);
        assertTrue(json.contains("{\"id\":\"F12/queue-file/batched\""), json);
        assertFalse(json.contains("wrong answer"), json);
        try (Stream<Path> files = Files.list(directory))
        {
            assertEquals(List.of("peers.hlog"),
                files.map((file) -> file.getFileName().toString()).collect(Collectors.toList()));
        }
    }

    @Test
    void shouldSayThatNothingWasJudgedWhenNoBrokerWasMeasured()
    {
        final FigureReport report = judge(List.of(() -> new QueueFilePeer(false)));

        assertFalse(report.isOk());
        assertTrue(report.toJson().contains("no broker was measured"), report.toJson());
    }

    @Test
    void shouldFailTheHeadlineWhenAPeerFails()
    {
        final FigureReport report = judge(List.of(() -> new Broken(), () -> new QueueFilePeer(false)));

        final String json = report.toJson();
        assertFalse(report.isOk());
        assertTrue(json.contains("wrong answer: broken: no start today"), json);
        assertTrue(json.contains("{\"id\":\"F12/queue-file/p99\""), json);
    }

    @Test
    void shouldPrintATableByClassWhenDone()
    {
        final List<PeerComparison> comparisons = run(List.of(() -> new Absent(), () -> new QueueFilePeer(false)));
        new PeersTable(comparisons).print(new PrintStream(progress, true, StandardCharsets.UTF_8));

        final String text = progress.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("survives: process-crash"), text);
        assertTrue(text.contains("skipped: absent-server is not installed"), text);
        assertTrue(text.contains("queue-file: PriorityBlockingQueue"), text);
    }

    private FigureReport judge(final List<Supplier<Peer>> peers)
    {
        final FigureReport report = new FigureReport(HostFacts.gather(directory, 1, "default", "SHARED"));
        PeersJudgement.judge(run(peers), report);
        return report;
    }

    private List<PeerComparison> run(final List<Supplier<Peer>> peers)
    {
        return new PeersRun(
            new RawOutput(directory, 0),
            new PrintStream(progress, true, StandardCharsets.UTF_8),
            new PeersSetting(1000, 100_000_000L, 1, 0.1, Set.of()),
            peers).run();
    }

    private static final class Absent extends Stub
    {
        @Override
        public String name()
        {
            return "absent";
        }

        @Override
        public String missing()
        {
            return "absent-server is not installed";
        }
    }

    private static final class Broken extends Stub
    {
        @Override
        public String name()
        {
            return "broken";
        }
    }

    private abstract static class Stub implements Peer
    {
        @Override
        public DurabilityClass durability()
        {
            return DurabilityClass.PROCESS;
        }

        @Override
        public boolean isBroker()
        {
            return true;
        }

        @Override
        public void start(final Path where, final ArrivalCheck arrivals) throws IOException
        {
            throw new IOException("no start today");
        }

        @Override
        public String settings()
        {
            return "";
        }

        @Override
        public void publish(final PeerEvent event)
        {
            throw new IllegalStateException("never started");
        }

        @Override
        public void awaitAcknowledged()
        {
            throw new IllegalStateException("never started");
        }

        @Override
        public void close()
        {
            // Nothing was started.
        }
    }
}
