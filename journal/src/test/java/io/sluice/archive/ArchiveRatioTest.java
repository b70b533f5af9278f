package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data are the same in every run, so what is asserted is what was reached, with little to spare. */
class ArchiveRatioTest
{
    private static final int COUNT = 12_000;

    @TempDir
    private Path directory;

    private final ArchiveFixture fixture = new ArchiveFixture();

    @Test
    void shouldTakeAFortiethOfJsonWhenHooksReport()
    {
        assertRatio(fixture.hooks(42, COUNT), 40.0);
        // 62 random bits, a counter that starts at random in 11 bits, and the milliseconds in between.
        assertPerEvent("id", 9.0, 9.4);
    }

    @Test
    void shouldTakeATwentiethOfJsonWhenHistoryIsImported()
    {
        assertRatio(fixture.git(42, COUNT), 22.0);
        // 122 random bits; 20 bytes of hash for each commit, which has 5 to 6 files.
        assertPerEvent("id", 15.2, 15.4);
        assertPerEvent("correlationId", 2.9, 3.7);
    }

    @Test
    void shouldStoreAnIdOnceWhenOthersNameIt()
    {
        assertRatio(fixture.git(43, COUNT), 22.0);
        assertPerEvent("causationId", 0.0, 0.4);
        assertPerEvent("payload: new hashes and ids", -1.0, 0.1);
    }

    private void assertRatio(final ArchiveFixture records, final double least)
    {
        final ArchiveSummary summary = records.write(directory.resolve("a"), new ArchiveContext());
        assertTrue(summary.ratio() >= least, summary.ratio() + " " + fields());
    }

    private void assertPerEvent(final String field, final double least, final double most)
    {
        final double bytes = (double)fields().getOrDefault(field, 0L) / COUNT;
        assertTrue(bytes >= least && bytes <= most, field + " takes " + bytes + " bytes of " + fields());
    }

    private Map<String, Long> fields()
    {
        try (ArchiveReader reader = ArchiveReader.open(directory.resolve("a"), KeyProvider.NONE))
        {
            final List<FieldBytes> fields = reader.fieldBytes();
            return fields.stream().collect(Collectors.toMap(FieldBytes::field, FieldBytes::storedBytes));
        }
    }
}
