package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damages a data directory in many ways, one at a time, and asks all who read it. Every damage must be detected, or be
 * harmless: nobody serves a wrong event, leaves one out in silence, or fails in a way that has no name.
 *
 * <p>{@code -Dsluice.damage.rounds=10000} runs more rounds, {@code -Dsluice.damage.seed=…} other ones, {@code
 * -Dsluice.damage.round=…} a single one. Every 20th directory is also opened for appending, or with {@code
 * -Dsluice.damage.openings=5} every fifth. {@code -Dsluice.damage.files=metadata} damages only files of that kind.
 */
class DamageCampaignTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(DamageCampaignTest.class);
    private static final int ROUNDS = Integer.getInteger("sluice.damage.rounds", 600);
    private static final long SEED = Long.getLong("sluice.damage.seed", 1);
    private static final int OPENINGS = Integer.getInteger("sluice.damage.openings", 20);
    private static final String GROUP = System.getProperty("sluice.damage.files");
    private static final int SINGLE = Integer.getInteger("sluice.damage.round", -1);

    /** What became of the damages of one kind of file. */
    private static final class Tally
    {
        private int damaged;
        private int detected;
        private int harmless;
    }

    @TempDir
    Path temporary;

    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<Damage.Original> originals = new ArrayList<>();
    private Path directory;
    private DamageFixture fixture;
    private Random random;
    private DamageReading reading;
    private Damage damage;
    private VerifyReport report;
    private EventException refusal;
    private long served;
    private boolean isShort;
    private int opened;
    private int refused;
    private int repaired;

    @Test
    void shouldDetectDamageOrServeTheSameWhenAnythingIsDamaged() throws IOException
    {
        directory = temporary.resolve("data");
        fixture = new DamageFixture(directory).build();
        collectOriginals();
        final int first = SINGLE < 0 ? 0 : SINGLE;
        final int last = SINGLE < 0 ? ROUNDS : SINGLE + 1;
        for (int round = first; round < last; round++)
        {
            try
            {
                runRound(round);
            }
            catch (final Throwable ex)
            {
                LOGGER.warn("seed {} round {}, {}", SEED, round, damage, ex);
                wrong.add("seed " + SEED + " round " + round + ", " + damage + ": " + ex);
            }
        }
        LOGGER.warn("{}", summary(last - first));
        assertEquals(List.of(), wrong);
    }

    private void runRound(final int round) throws IOException
    {
        random = new Random(SEED * 1_000_003 + round);
        damage = Damage.random(random, originals);
        reading = new DamageReading(fixture.records, random);
        damage.apply();
        try
        {
            verify();
            boolean isNamed = readAll();
            if (damage.isInGroup("positions") || damage.isInGroup("control") || random.nextInt(3) == 0)
            {
                isNamed |= resume();
            }
            else
            {
                isNamed |= seek();
            }
            checkUntouched();
            // Where the reader came to an early end without a word, opening must speak.
            if (round % OPENINGS == 0 || isShort && random.nextInt(4) == 0)
            {
                checkAftermath();
            }
            final Tally tally = tallies.computeIfAbsent(damage.group(), (group) -> new Tally());
            tally.damaged++;
            if (isNamed || !isSound())
            {
                tally.detected++;
            }
            else
            {
                tally.harmless++;
            }
        }
        finally
        {
            damage.undo();
            restorePositions();
        }
    }

    private void checkAftermath() throws IOException
    {
        final Path copy = temporary.resolve("copy");
        try
        {
            DamageAftermath.copy(directory, copy);
            final DamageAftermath aftermath = new DamageAftermath(fixture, copy, random);
            if (random.nextInt(3) == 0)
            {
                aftermath.archive(served);
            }
            aftermath.open(isSound());
            opened++;
            refused += aftermath.refused();
            repaired += aftermath.repaired();
        }
        finally
        {
            DamageFixture.delete(copy);
        }
    }

    private boolean isSound()
    {
        return refusal == null && report.isSound();
    }

    private void verify()
    {
        refusal = null;
        report = null;
        try
        {
            report = JournalVerifier.verify(directory, fixture.keys);
        }
        catch (final EventException ex)
        {
            refusal = ex;
        }
    }

    /** @return true if an error said what is wrong. */
    private boolean readAll()
    {
        reading.run(1, false, () -> JournalTailer.open(tailing()));
        served = reading.served();
        isShort = reading.failure() == null && !reading.isWhole();
        return judge(reading, "read from the start");
    }

    private boolean seek()
    {
        final List<Long> sequences = new ArrayList<>(fixture.records.keySet());
        final long sequence = 1L + random.nextInt((int)fixture.lastSequence());
        boolean isNamed = judge(reading.run(
            sequence, false, () -> JournalTailer.open(tailing().from(StartPosition.sequence(sequence)))),
            "read from sequence " + sequence);
        final long at = sequences.get(random.nextInt(sequences.size()));
        final long time = fixture.timeOf(at) - random.nextInt(2);
        isNamed |= judge(reading.run(
            at, false, () -> JournalTailer.open(tailing().from(StartPosition.timeNs(time)))),
            "read from the time of " + at);
        final long end = fixture.lastSequence() + 1;
        isNamed |= judge(reading.run(
            end, false, () -> JournalTailer.open(tailing().from(StartPosition.end()))), "read from the end");
        assertTrue(!isSound() || reading.failure() != null || reading.nextSequence() == end,
            () -> "the end seems to be at " + reading.nextSequence());
        return isNamed;
    }

    private boolean resume()
    {
        boolean isNamed = resume("reader", fixture.lastSequence() - 300);
        isNamed |= resume("other", fixture.lastSequence() - 20);
        final Path slow = fixture.position("slow");
        reading.run(11, damage.isIn(slow), () -> JournalTailer.open(tailing().positionFile(slow)));
        if (damage.isIn(slow) || damage.isIn(directory.resolve("control/missed")))
        {
            return isNamed || reading.failure() != null;
        }
        assertTrue(reading.failure() != null, "nobody told that events were missed");
        return isNamed;
    }

    private boolean resume(final String reader, final long sequence)
    {
        final Path file = fixture.position(reader);
        final boolean isHit = damage.isIn(file);
        reading.run(sequence + 1, isHit, () -> JournalTailer.open(tailing().positionFile(file)));
        return isHit && reading.failure() != null ||
            !isHit && judge(reading, "read on from the position of " + reader);
    }

    private boolean judge(final DamageReading read, final String what)
    {
        assertTrue(read.isWhole() || !isSound(), () -> what + ": " + read + ", but verification finds nothing wrong");
        return read.failure() != null;
    }

    private TailerContext tailing()
    {
        return new TailerContext().directory(directory).keys(fixture.keys);
    }

    private void checkUntouched() throws IOException
    {
        for (final Damage.Original original : originals)
        {
            if (!damage.isIn(original.path))
            {
                assertEquals(original.length(), Files.size(original.path), () -> original.path + " was changed");
            }
        }
    }

    private void restorePositions() throws IOException
    {
        for (final Damage.Original original : originals)
        {
            if (original.group.equals("positions") && !original.isSame(original.path))
            {
                original.writeTo(original.path);
            }
        }
    }

    private void collectOriginals() throws IOException
    {
        final List<Path> files;
        try (Stream<Path> paths = Files.walk(directory))
        {
            files = paths.filter(Files::isRegularFile).sorted().toList();
        }
        final List<Path> live = CycleFiles.list(directory.resolve("journal"));
        for (final Path file : files)
        {
            final String name = file.getFileName().toString();
            final String parent = file.getParent().getFileName().toString();
            if (name.endsWith(CycleFiles.SUFFIX))
            {
                final boolean isLive = file.equals(live.get(live.size() - 1));
                add(file, isLive ? "live" : "closed", isLive ? 36 : 9, excerpts(file));
            }
            else if (name.endsWith(CycleFiles.ARCHIVE_SUFFIX))
            {
                final boolean isPlain = Files.size(file) < 12_288 || name.equals(archived(1));
                add(file, isPlain ? "archive" : "encrypted", 8, new long[]{0, 4096, 8192});
            }
            else if (name.equals(CycleFiles.METADATA))
            {
                add(file, "metadata", 8, new long[]{0, 0x9C, 0xA0});
            }
            else
            {
                final boolean isOfRoot = file.getParent().equals(directory);
                add(file, isOfRoot ? name : parent, isOfRoot ? 3 : 5, lines(file));
            }
        }
    }

    private void add(final Path file, final String group, final int weight, final long[] marks) throws IOException
    {
        originals.add(new Damage.Original(file, group, GROUP == null || GROUP.equals(group) ? weight : 0, marks));
    }

    private String archived(final int index) throws IOException
    {
        return CycleFiles.listArchived(directory.resolve("archive")).get(index).getFileName().toString();
    }

    private static long[] excerpts(final Path file) throws IOException
    {
        final Collection<Long> marks = new ArrayList<>();
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            ExcerptScanner.Step step;
            do
            {
                step = scanner.next();
                marks.add(scanner.position());
            }
            while (step == ExcerptScanner.Step.EXCERPT || step == ExcerptScanner.Step.META_DATA);
        }
        return marks.stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] lines(final Path file) throws IOException
    {
        final Collection<Long> marks = new ArrayList<>(List.of(0L));
        final byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++)
        {
            if (bytes[i] == '\n')
            {
                marks.add((long)i);
            }
        }
        return marks.stream().mapToLong(Long::longValue).toArray();
    }

    private String summary(final int rounds)
    {
        final StringBuilder text = new StringBuilder("damage campaign: ").append(rounds).append(" rounds");
        int detected = 0;
        int harmless = 0;
        for (final Map.Entry<String, Tally> entry : tallies.entrySet())
        {
            final Tally tally = entry.getValue();
            text.append("; ").append(entry.getKey()).append(' ').append(tally.damaged).append(" damaged, ")
                .append(tally.detected).append(" detected, ").append(tally.harmless).append(" harmless");
            detected += tally.detected;
            harmless += tally.harmless;
        }
        text.append("; of ").append(opened).append(" opened for appending ").append(refused).append(" were refused, ")
            .append(repaired).append(" repaired");
        return text + "; in all " + detected + " detected, " + harmless + " harmless, " + wrong.size() + " wrong";
    }
}
