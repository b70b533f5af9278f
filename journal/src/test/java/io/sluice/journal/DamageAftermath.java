package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventException;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What becomes of a damaged directory, tried on a copy: the archive is looked after, it is opened for appending,
 * repaired where that is refused, and appended to. Nothing that was right may get wrong or lost on the way.
 */
final class DamageAftermath
{
    private static final Set<String> LOCKS = Set.of("engine.lock", "lock");

    private final DamageFixture fixture;
    private final Path copy;
    private final Random random;
    private final NavigableMap<Long, byte[]> records;
    private final TestRecords appended = new TestRecords();
    private int refused;
    private int repaired;

    DamageAftermath(final DamageFixture fixture, final Path copy, final Random random)
    {
        this.fixture = fixture;
        this.copy = copy;
        this.random = random;
        records = new TreeMap<>(fixture.records);
    }

    /** @return 1 if opening was refused. */
    int refused()
    {
        return refused;
    }

    /** @return 1 if a repair was needed. */
    int repaired()
    {
        return repaired;
    }

    /**
     * Copy a directory.
     *
     * @param source  damaged.
     * @param target  of the copy, absent.
     */
    static void copy(final Path source, final Path target) throws IOException
    {
        for (final Damage.Original file : files(source))
        {
            final Path path = target.resolve(source.relativize(file.path));
            Files.createDirectories(path.getParent());
            file.writeTo(path);
        }
        for (final String name : List.of("journal", "control", "positions", "archive", "telemetry"))
        {
            Files.createDirectories(target.resolve(name));
        }
    }

    /**
     * Archive what is closed, although something is damaged.
     *
     * @param served by a reader before.
     */
    void archive(final long served) throws IOException
    {
        try
        {
            JournalArchive.archiveNow(fixture.context(copy, 97), true);
        }
        catch (final EventException ex)
        {
            // It may be refused, but by name.
        }
        final DamageReading reading = read();
        assertTrue(reading.served() >= served, () -> "before the pass " + served + " were read, now " + reading);
        assertTrue(reading.isWhole() || !isSound(), () -> "after the archive pass " + reading);
    }

    /**
     * Open, repair, append.
     *
     * @param wasSound as verification says.
     */
    void open(final boolean wasSound) throws IOException
    {
        final List<Damage.Original> before = files(copy);
        final EventException refusal = append(98);
        if (refusal != null)
        {
            refused = 1;
            for (final Damage.Original file : before)
            {
                assertTrue(LOCKS.contains(file.path.getFileName().toString()) || file.isSame(file.path),
                    () -> "refused (" + refusal + "), but changed " + file.path);
            }
            if (!repair(refusal))
            {
                return;
            }
            assertEquals(null, append(99), "still refused");
        }
        else if (!isSound())
        {
            assertTrue(!wasSound, () -> "opening and appending spoiled it: " + verify());
            assertTrue(repair(null));
            assertEquals(null, append(99), "refused after the repair");
        }
        assertTrue(isSound(), () -> "in the end: " + verify());
        final DamageReading reading = read();
        assertTrue(reading.isWhole(), () -> "in the end: " + reading);
        assertEquals(null, append(100), "refused in the end");
    }

    private EventException append(final long runId)
    {
        try (JournalAppender appender = JournalAppender.open(fixture.context(copy, runId)))
        {
            assertTrue(appender.lastSequence() >= records.lastKey(),
                () -> "sequences from " + appender.nextSequence() + " on are given again");
            for (int i = 0; i < 30; i++)
            {
                final int length = appended.encode(appender.nextSequence(), 20 + random.nextInt(300));
                final long sequence =
                    appender.stage(appended.buffer(), 0, length, Verdict.ACCEPTED, 0, fixture.nowNs());
                final byte[] record = new byte[length];
                appended.buffer().getBytes(0, record);
                records.put(sequence, record);
                if (random.nextInt(3) == 0)
                {
                    appender.commit();
                }
                if (random.nextInt(20) == 0)
                {
                    appender.commit();
                    appender.roll();
                }
            }
            return null;
        }
        catch (final EventException ex)
        {
            return ex;
        }
    }

    /** @return false if that is not a thing that can be repaired. */
    private boolean repair(final EventException refusal)
    {
        final RepairReport report;
        try
        {
            report = JournalRepair.quarantine(copy, fixture.keys);
        }
        catch (final DataDirectoryException ex)
        {
            assertTrue(Set.of(DirectoryState.NOT_OURS, DirectoryState.NEWER).contains(ex.state()), ex.toString());
            return false;
        }
        assertTrue(report.quarantine() != null, () -> "nothing to repair, but " + refusal);
        repaired = 1;
        return true;
    }

    private DamageReading read()
    {
        final DamageReading reading = new DamageReading(records, random);
        return reading.run(1, false, () -> JournalTailer.open(new TailerContext()
            .directory(copy).keys(fixture.keys).lostRangeListener(reading::onLost)));
    }

    private boolean isSound()
    {
        final Object report = verify();
        return report instanceof VerifyReport && ((VerifyReport)report).isSound();
    }

    private Object verify()
    {
        try
        {
            return JournalVerifier.verify(copy, fixture.keys);
        }
        catch (final EventException ex)
        {
            return ex;
        }
    }

    private static List<Damage.Original> files(final Path directory) throws IOException
    {
        final List<Damage.Original> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.filter(Files::isRegularFile).toList())
            {
                files.add(new Damage.Original(path, "", 0, new long[0]));
            }
        }
        return files;
    }
}
