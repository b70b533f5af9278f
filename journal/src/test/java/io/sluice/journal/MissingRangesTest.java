package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.archive.KeyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingRangesTest
{
    private final DeviceForce force = new DeviceForce(ForceListener.NONE);
    private DataDirectory data;

    @TempDir
    Path directory;

    @BeforeEach
    void setUp() throws IOException
    {
        data = new DataDirectory(directory);
        Files.createDirectories(data.control());
        Files.createDirectories(data.positions());
    }

    @Test
    void shouldNameTheReasonOfEachStretch() throws IOException
    {
        final ExpiredRanges expired = new ExpiredRanges(data);
        expired.add(10, 19, force);
        expired.add(40, 59, force);
        new LostRanges(data).add(new LostRanges.Range(15, 24, 1, "file"), force);
        new LostRanges(data).add(new LostRanges.Range(50, 52, 1, "file"), force);
        final MissingRanges missing = MissingRanges.read(data, new JournalFiles(data, KeyProvider.NONE));

        assertEquals(
            List.of("UNKNOWN 5-9", "EXPIRED 10-14", "LOST 15-24", "UNKNOWN 25-39", "EXPIRED 40-49", "LOST 50-52",
                "EXPIRED 53-59", "UNKNOWN 60-61"),
            explain(missing, 5, 61));
        assertEquals(List.of("EXPIRED 12-13"), explain(missing, 12, 13));
        assertEquals(5, missing.firstUnknown(5, 61));
        assertEquals(25, missing.firstUnknown(10, 61));
        assertEquals(60, missing.firstUnknown(40, 61));
        assertEquals(56, missing.firstUnknown(40, 55));
        assertEquals(52, missing.highestLost());
    }

    @Test
    void shouldMergeRangesThatTouch() throws IOException
    {
        final ExpiredRanges expired = new ExpiredRanges(data);
        expired.add(21, 30, force);
        expired.add(1, 10, force);
        expired.add(41, 50, force);
        assertEquals(3, expired.read().size());
        expired.add(11, 20, force);
        expired.add(25, 35, force);
        assertEquals(
            List.of(new ExpiredRanges.Range(1, 35), new ExpiredRanges.Range(41, 50)), expired.read());
        assertEquals(2, Files.readAllLines(data.control().resolve("expired")).size());
    }

    @Test
    void shouldKeepWhatEachReaderMissedUntilItHasPassedIt() throws IOException
    {
        final MissedRanges missed = new MissedRanges(data);
        final Path reader = data.positions().resolve("a reader");
        missed.add("other", 0, 1, 99, force);
        missed.add("a reader", 5, 1, 10, force);
        missed.add("a reader", 5, 11, 20, force);
        assertEquals(new MissedRanges.Range("a_reader", 6, 20), missed.find(reader, 5));
        assertEquals(new MissedRanges.Range("a_reader", 13, 20), missed.find(reader, 12));
        assertNull(missed.find(reader, 20));
        assertNull(missed.find(directory.resolve("a reader"), 5));
        missed.add("a reader", 30, 31, 40, force);
        assertEquals(new MissedRanges.Range("a_reader", 31, 40), missed.find(reader, 5));
        assertEquals(2, Files.readAllLines(data.control().resolve("missed")).size());
    }

    private static List<String> explain(final MissingRanges missing, final long first, final long last)
    {
        final List<String> ranges = new ArrayList<>();
        missing.explain(first, last, (reason, from, to) -> ranges.add(reason + " " + from + "-" + to));
        return ranges;
    }
}
