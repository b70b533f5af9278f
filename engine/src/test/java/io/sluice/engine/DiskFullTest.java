package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine in another process, on a small disk that is really full. */
class DiskFullTest
{
    private static final long MB = 1L << 20;
    private static final String MANY = "1000000";

    @TempDir
    private Path directory;

    private final List<String> lines = new ArrayList<>();
    private long acknowledged;
    private String state = "";

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "INVOKER", "PAIRED"})
    void shouldWaitAndGoOnWithoutLossWhenTheDiskIsFull(final ThreadingMode mode) throws Exception
    {
        try (LoopDisk disk = LoopDisk.mount(directory, "ext4", 128))
        {
            final LoopDisk.Balloon first = disk.inflate(90 * MB);
            final LoopDisk.Balloon second = disk.inflate(60 * MB);
            try (ChildJvm child = start(disk, mode, 32 * MB, 16 * MB, 4000, 1))
            {
                child.send(MANY);
                awaitState(child, "DEGRADED");
                awaitLine(child, "back pressure");
                final long before = acknowledged;
                assertTrue(before > 1000, "acknowledged " + before);
                try (TelemetryReader reader = TelemetryReader.open(new DataDirectory(data(disk))))
                {
                    Waiting.until("a reader to see it", () ->
                        reader.value(CounterLabel.STATE) == EngineState.DEGRADED.ordinal());
                    assertTrue(reader.storageReason().contains("minFreeSpace="), reader.storageReason());
                    // What is given back when a file is closed may end the first one for a moment.
                    assertTrue(reader.value(CounterLabel.STORAGE_EPISODES) >= 1);
                    assertTrue(reader.errors().get(0).stackTrace().contains("minFreeSpace="));
                    assertTrue(disk.free() >= 15 * MB, "free " + disk.free());
                }
                first.release();
                awaitState(child, "RUNNING");
                awaitState(child, "DEGRADED");
                assertTrue(acknowledged > before + 1000, "acknowledged " + acknowledged + " after " + before);
                second.release();
                awaitState(child, "RUNNING");
                stop(child);
            }
            checkJournal(disk);
        }
    }

    /** Somebody else takes all of it, to the last block, and gives it back, whenever a die says so. */
    @ParameterizedTest
    @CsvSource({"SHARED, 1, 1", "INVOKER, 2, 1", "SHARED, 3, 64", "INVOKER, 4, 64"})
    void shouldNeitherDieNorLoseWhenAnotherProcessEatsTheSpaceAtRandom(
        final ThreadingMode mode, final long seed, final int rollMegabytes) throws Exception
    {
        final Random random = new Random(seed);
        try (LoopDisk disk = LoopDisk.mount(directory, "ext4", 256))
        {
            // In small files it is full at a roll as likely as elsewhere; in large ones much is written while it is
            // full.
            try (ChildJvm child = start(disk, mode, rollMegabytes * MB, 8 * MB, 8000, seed))
            {
                for (int round = 1; round <= 4; round++)
                {
                    final long goal = acknowledged + 1_000;
                    child.send(Long.toString(goal));
                    awaitAcknowledged(child, goal - random.nextInt(600));
                    final LoopDisk.Balloon balloon =
                        disk.inflate(random.nextInt(3) == 0 ? 8 * MB + random.nextInt(1 << 20) : 0);
                    child.send(Long.toString(goal + 8_000));
                    awaitState(child, "DEGRADED");
                    child.send(Long.toString(acknowledged));
                    balloon.release();
                    awaitState(child, "RUNNING");
                }
                stop(child);
            }
            checkJournal(disk);
        }
    }

    @Test
    void shouldWatchTheFreeSpaceWhereBlocksCantBeReserved() throws Exception
    {
        try (LoopDisk disk = LoopDisk.mount(directory, "ext2", 96))
        {
            final LoopDisk.Balloon balloon = disk.inflate(50 * MB);
            try (ChildJvm child = start(disk, ThreadingMode.SHARED, 4 * MB, 16 * MB, 4000, 1))
            {
                child.send(MANY);
                awaitState(child, "DEGRADED");
                try (TelemetryReader reader = TelemetryReader.open(new DataDirectory(data(disk))))
                {
                    Waiting.until("a reader to see it", () ->
                        reader.value(CounterLabel.STATE) == EngineState.DEGRADED.ordinal());
                    assertEquals(0, reader.value(CounterLabel.RESERVED_BYTES));
                }
                balloon.release();
                awaitState(child, "RUNNING");
                stop(child);
            }
            checkJournal(disk);
        }
    }

    @Test
    void shouldStartOrSayWhyWhenTheDiskIsFullAtTheStart() throws Exception
    {
        try (LoopDisk disk = LoopDisk.mount(directory, "ext4", 64))
        {
            try (ChildJvm child = start(disk, ThreadingMode.SHARED, 4 * MB, 4 * MB, 4000, 1))
            {
                child.send("1000");
                awaitAcknowledged(child, 1000);
                stop(child);
            }
            for (long left = 0; left < 4 * MB; left += 900_000)
            {
                final LoopDisk.Balloon balloon = disk.inflate(left);
                lines.clear();
                try (ChildJvm child = start(disk, ThreadingMode.SHARED, 4 * MB, 4 * MB, 4000, 1, 100))
                {
                    child.send("3000");
                    child.release();
                    lines.addAll(child.rest());
                    assertTrue(
                        contains("drained") || contains("No space left on device"),
                        "with " + left + " bytes left: " + lines);
                    assertFalse(contains("SIGBUS") || contains("InternalError"), lines.toString());
                }
                balloon.release();
            }
            final VerifyReport report = JournalVerifier.verify(data(disk));
            assertTrue(report.isSound(), report.findings().toString());
        }
    }

    private static ChildJvm start(
        final LoopDisk disk,
        final ThreadingMode mode,
        final long rollSize,
        final long minFreeSpace,
        final int maxPayload,
        final long seed) throws IOException
    {
        return start(disk, mode, rollSize, minFreeSpace, maxPayload, seed, 30_000);
    }

    private static ChildJvm start(
        final LoopDisk disk,
        final ThreadingMode mode,
        final long rollSize,
        final long minFreeSpace,
        final int maxPayload,
        final long seed,
        final long endMs) throws IOException
    {
        return ChildJvm.start(
            ChildJvm.documentedFlags(),
            ChildPublisher.class,
            data(disk).toString(),
            mode.name(),
            Long.toString(rollSize),
            Long.toString(minFreeSpace),
            Integer.toString(maxPayload),
            Long.toString(seed),
            Long.toString(endMs));
    }

    private static Path data(final LoopDisk disk)
    {
        return disk.path().resolve("data");
    }

    private void stop(final ChildJvm child) throws Exception
    {
        child.release();
        child.rest().forEach(this::onLine);
        assertEquals("drained", lines.get(lines.size() - 1), lines.toString());
        assertEquals(0, child.exitCode());
    }

    private void awaitState(final ChildJvm child, final String wanted) throws IOException
    {
        while (!state.equals(wanted))
        {
            next(child, "state " + wanted);
        }
    }

    private void awaitAcknowledged(final ChildJvm child, final long wanted) throws IOException
    {
        while (acknowledged < wanted)
        {
            next(child, "acknowledged " + wanted);
        }
    }

    private void awaitLine(final ChildJvm child, final String wanted) throws IOException
    {
        while (!contains(wanted))
        {
            next(child, wanted);
        }
    }

    private void next(final ChildJvm child, final String wanted) throws IOException
    {
        final String line = child.readLine();
        if (line == null)
        {
            fail("the child ended without '" + wanted + "': " + lines);
        }
        onLine(line);
    }

    private void onLine(final String line)
    {
        if (line.startsWith("acknowledged "))
        {
            acknowledged = Long.parseLong(line.substring(line.indexOf(' ') + 1));
        }
        else
        {
            lines.add(line);
            if (line.startsWith("state "))
            {
                state = line.substring(line.indexOf(' ') + 1);
            }
        }
    }

    private boolean contains(final String text)
    {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    private void checkJournal(final LoopDisk disk)
    {
        final VerifyReport report = JournalVerifier.verify(data(disk));
        assertTrue(report.isSound(), report.findings().toString());
        final List<String> ids = JournalDigest.map(data(disk), event -> event.id());
        assertTrue(lines.contains("accepted " + ids.size()), lines.toString());
        assertEquals(acknowledged, ids.size());
        assertEquals(ids.size(), new HashSet<>(ids).size(), "none twice");
        for (int i = 0; i < ids.size(); i++)
        {
            assertEquals("e" + (i + 1), ids.get(i));
        }
    }
}
