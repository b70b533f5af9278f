package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryLogTest
{
    private static final int LENGTH = 4096;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new ArrayList<>();
    private RetryModel model = new RetryModel();
    private DataDirectory data;
    private RetryLog log;
    private long now = SECOND;

    @BeforeEach
    void openLog()
    {
        data = new DataDirectory(directory);
        log = open();
    }

    @AfterEach
    void closeLog()
    {
        log.close();
    }

    @Test
    void shouldHoldWhatIsNotDoneWhenItIsOpenedAgain()
    {
        append(failed(1, 10, 1, "first"), failed(1, 11, 1, "second"), failed(2, 10, 1, "third"));
        append(RetryEntry.held(1, 12, 5, 11), failed(1, 11, 2, "again"), RetryEntry.closed(1, 10));
        append(failed(3, 1, 1, ""), RetryEntry.forgotten(3), RetryEntry.closed(9, 9));

        reopen();

        assertEquals(3, log.openCount());
        assertEquals(10, log.lowestSequence());
        assertEquals(failed(1, 11, 2, "again"), log.read(1, 11));
        assertEquals(RetryEntry.held(1, 12, 5, 11), log.read(1, 12));
        assertEquals(failed(2, 10, 1, "third"), log.read(2, 10));
        assertNull(log.read(1, 10));
        assertNull(log.read(3, 1));
        assertNull(log.read(2, 11));
    }

    @Test
    void shouldTellOnlyWhatIsNewWhenItIsPolled()
    {
        final List<RetryEntry> told = new ArrayList<>();
        append(RetryEntry.closed(1, 1), failed(1, 1, 1, ""), RetryEntry.closed(1, 1), RetryEntry.forgotten(1));

        assertEquals(2, log.poll(told::add, now, 2));
        assertEquals(List.of(failed(1, 1, 1, "")), told);
        assertEquals(2, log.poll(told::add, now, 10));
        assertEquals(0, log.poll(told::add, now, 10));
        assertEquals(List.of(failed(1, 1, 1, ""), RetryEntry.closed(1, 1)), told);
        assertEquals(Long.MAX_VALUE, log.lowestSequence());
    }

    @Test
    void shouldTellAgainWhenTheConsumerThrew()
    {
        append(failed(1, 1, 1, ""));
        assertThrows(IllegalStateException.class, () -> log.poll(
            entry ->
            {
                throw new IllegalStateException("no");
            }, now, 10));

        poll();

        assertEquals(1, model.open().size());
        assertEquals(1, log.openCount());
    }

    @Test
    void shouldSayComeAgainWhenBothFilesAreFullAndGoOnAfterMaintenance()
    {
        int appended = fill(1);
        final int ofTwo = (LENGTH - 64) / 128 * 2;
        assertEquals(ofTwo, appended);
        for (int round = 0; round < 10; round++)
        {
            assertEquals(1, log.maintain(now));
            final int before = appended;
            while (log.append(failed(1, appended + 1, 1, "")))
            {
                appended++;
            }
            assertEquals(before + ofTwo / 2, appended);
        }
        poll();
        assertEquals(appended, model.open().get(1L).size());
        reopen();
        assertEquals(appended, log.openCount());
    }

    @Test
    void shouldKeepFewFilesWhenAlmostEverythingIsDone()
    {
        append(failed(7, 1, 1, "stays"));
        for (int sequence = 1; sequence < 5000; sequence++)
        {
            appendWithMaintenance(failed(1, sequence, 1, "x".repeat(sequence % 400)));
            appendWithMaintenance(RetryEntry.closed(1, sequence));
        }
        poll();
        settle();

        assertEquals(1, log.openCount());
        assertEquals("stays", log.read(7, 1).text());
        assertTrue(log.length() <= 5 * LENGTH, "bytes " + log.length());
        assertEquals(log.length() / LENGTH, files().size());
        reopen();
        assertEquals("stays", log.read(7, 1).text());
    }

    @Test
    void shouldNotGrowWhenItIsOpenedAgainAndAgain()
    {
        append(failed(7, 1, 1, "stays"));
        for (int round = 0; round < 20; round++)
        {
            reopen();
            settle();
            assertEquals("stays", log.read(7, 1).text());
            assertTrue(files().size() <= 5, files().toString());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldNotOpenAgainWhatIsClosedWhenACopyComesBehind()
    {
        closeBeforeItsCopy();
        settle();

        assertEquals(0, log.openCount());
        assertTrue(files().get(0).toString().endsWith("4.log"), "only the copy is left: " + files());
        reopen();
        assertEquals(0, log.openCount());
    }

    @Test
    void shouldNotOpenAgainWhatIsClosedWhenTheProcessEndsBehindACopy()
    {
        closeBeforeItsCopy();
        reopen();
        settle();
        assertEquals(0, log.openCount());
        reopen();
        assertEquals(0, log.openCount());
    }

    @Test
    void shouldNotCloseWhatFailedAgainWhenACopyOfItsPastIsCorrected()
    {
        closeBeforeItsCopy();
        append(failed(1, 1, 1, "new"));
        settle();

        assertEquals("new", log.read(1, 1).text());
        reopen();
        assertEquals("new", log.read(1, 1).text());
        settle();
        reopen();
        assertEquals("new", log.read(1, 1).text());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSkipAHoleWhenItsThreadDied(final boolean isMarked) throws Exception
    {
        append(failed(1, 1, 1, "before"));
        Holes.leave(log, 3, isMarked);
        append(failed(1, 2, 1, "behind"));

        poll();
        assertEquals(1, log.openCount(), "it waits");
        now += RetryCursor.PATIENCE_NS;
        poll();
        assertEquals(2, log.openCount());
        assertTrue(log.voidedCount() > 0);
        append(failed(1, 3, 1, "later"));
        poll();
        assertEquals(3, log.openCount());
        reopen();
        assertEquals(3, log.openCount());
        assertEquals(List.of(), errors);
        assertEquals(0, log.damagedCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSkipAHoleAtOnceWhenItsProcessDied(final boolean isMarked) throws Exception
    {
        append(failed(1, 1, 1, "before"));
        Holes.leave(log, 3, isMarked);
        append(failed(1, 2, 1, "behind"));

        reopen();

        assertEquals(2, log.openCount());
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldTellTheThreadWhenItsEntryWasMadeVoid() throws Exception
    {
        final Holes.Begun begun = Holes.begin(log, failed(1, 1, 1, "slow"));
        append(failed(1, 2, 1, "behind"));
        poll();
        now += RetryCursor.PATIENCE_NS;
        poll();

        assertFalse(begun.end());
        assertTrue(log.append(failed(1, 1, 1, "slow")), "and it comes again");
        poll();
        assertEquals(2, log.openCount());
        reopen();
        assertEquals(2, log.openCount());
    }

    @Test
    void shouldWaitForASlowThreadWhenItEndsInTime() throws Exception
    {
        final Holes.Begun begun = Holes.begin(log, failed(1, 1, 1, "slow"));
        append(failed(1, 2, 1, "behind"));
        final long end = log.end();
        poll();
        now += RetryCursor.PATIENCE_NS - 1;
        poll();
        assertEquals(0, log.openCount());
        assertFalse(log.isReadTo(end), "one behind it is not known yet");
        assertTrue(begun.end());
        now += RetryCursor.PATIENCE_NS;
        poll();

        assertEquals(2, log.openCount());
        assertTrue(log.isReadTo(end));
        assertEquals(0, log.voidedCount());
    }

    @Test
    void shouldWaitAnewWhenTheClockIsSetBack() throws Exception
    {
        Holes.leave(log, 1, true);
        append(failed(1, 2, 1, "behind"));
        poll();
        now -= SECOND / 2;
        poll();
        now += RetryCursor.PATIENCE_NS - 1;
        poll();
        assertEquals(0, log.openCount());
        now++;
        poll();
        assertEquals(1, log.openCount());
    }

    @Test
    void shouldLoseOnlyTheDamagedEntryWhenAnyBitIsFlipped() throws IOException
    {
        for (int sequence = 1; sequence <= 6; sequence++)
        {
            append(failed(1, sequence, 1, "text of number " + sequence));
        }
        log.close();
        final Path file = files().get(0);
        final byte[] sound = Files.readAllBytes(file);
        final Random random = new Random(1);
        int lost = 0;
        for (int round = 0; round < 150; round++)
        {
            final int at = random.nextInt(64 + 6 * 128);
            final byte[] flipped = sound.clone();
            flipped[at] ^= (byte)(1 << random.nextInt(8));
            Files.write(file, flipped);
            errors.clear();
            final RetryLog damaged = open();
            final RetryModel read = RetryModel.read(damaged, now);
            final int left = read.open().get(1L).size();
            damaged.close();
            removeAllBut(file);

            // A bit behind the end of an entry's text is of no use to anybody.
            assertTrue(left >= 5, "byte " + at + " left " + left);
            final boolean isHarmless = left == 6 && at >= 16;
            assertTrue(errors.size() == 1 || isHarmless, "byte " + at + ": " + errors);
            if (left == 5)
            {
                final long missing = 1L + (at - 64) / 128;
                assertFalse(read.open().get(1L).containsKey(missing), "byte " + at);
                assertTrue(errors.get(0).getMessage().contains("is damaged at byte " + (64 + 128 * (missing - 1))));
                lost++;
            }
        }
        assertTrue(lost > 90, "lost " + lost);
    }

    @Test
    void shouldPutADamagedFileAsideWhenItGoes() throws IOException
    {
        append(failed(1, 1, 1, "damaged"), failed(1, 2, 1, "sound"));
        log.close();
        final Path file = files().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[64 + 30] ^= 1;
        Files.write(file, bytes);
        log = open();
        settle();
        fillUpWithGarbage();
        settle();

        assertFalse(Files.exists(file));
        final Path kept = data.quarantine().resolve("retries-" + file.getFileName());
        assertEquals(bytes.length, Files.readAllBytes(kept).length);
        assertEquals("sound", log.read(1, 2).text());
        assertEquals(1, log.damagedCount());
    }

    @Test
    void shouldTellOfDamageAndGoOnWhenAnEntryIsDamagedUnderIt() throws IOException
    {
        append(failed(1, 1, 1, "damaged"), failed(1, 2, 1, "sound"));
        poll();
        Holes.flip(log, 64 + 30);

        assertNull(log.read(1, 1));
        assertEquals(1, errors.size());
        fillUpWithGarbage();
        settle();
        assertEquals("sound", log.read(1, 2).text());
        assertEquals(1, log.openCount());
    }

    @Test
    void shouldUseWhatIsThereWhenAFileWasCut() throws IOException
    {
        append(failed(1, 1, 1, "first"), failed(1, 2, 1, "second"));
        log.close();
        Files.write(files().get(0), Arrays.copyOf(Files.readAllBytes(files().get(0)), 64 + 128 + 100));
        Files.write(files().get(1), new byte[0]);
        log = open();
        poll();

        assertEquals(1, log.openCount());
        assertEquals(1, errors.size());
    }

    @Test
    void shouldBeRefusedUntouchedWhenItIsOfANewerVersion() throws IOException
    {
        append(failed(1, 1, 1, "first"));
        log.close();
        final Path file = files().get(1);
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        final long newer = bytes.getLong(0) + (1L << 32);
        bytes.putLong(0, newer).putLong(RetrySegment.CHECKSUM, RetrySegment.checksum(newer, 2));
        Files.write(file, bytes.array());

        final EventStorageException error = assertThrows(EventStorageException.class, this::open);

        assertTrue(error.getMessage().contains("has version 2 and this is version 1"), error.getMessage());
        assertEquals(2, files().size());
    }

    @Test
    void shouldDeleteWhatIsHalfMadeWhenItIsOpened() throws IOException
    {
        log.close();
        final Path half = files().get(0).resolveSibling("0000000009.log.new");
        final Path stranger = files().get(0).resolveSibling("notes.txt");
        Files.write(half, new byte[10]);
        Files.write(stranger, new byte[10]);
        log = open();

        assertFalse(Files.exists(half));
        assertTrue(Files.exists(stranger));
    }

    @Test
    void shouldSayWhyAndGoOnWhenNoFileCanBeMade() throws IOException
    {
        final int appended = fill(1);
        final Path retries = data.positions().resolve("retries");
        final Path away = data.positions().resolve("away");
        Files.move(retries, away);
        for (int i = 0; i < 50; i++)
        {
            assertEquals(0, log.maintain(now));
            now += SECOND / 20;
        }
        assertEquals(1, errors.size(), "once");
        assertNotNull(log.problem());
        assertTrue(log.problem().getMessage().contains("check space and permissions"), log.problem().getMessage());
        assertFalse(log.append(failed(1, appended + 1, 1, "")));
        Files.move(away, retries);
        now += SECOND;
        assertEquals(1, log.maintain(now));

        assertNull(log.problem());
        assertTrue(log.append(failed(1, appended + 1, 1, "")));
        reopen();
        assertEquals(appended + 1, log.openCount());
    }

    @Test
    void shouldTakeNothingWhenItIsClosed()
    {
        log.force();
        log.close();
        log.close();

        assertFalse(log.append(failed(1, 1, 1, "")));
        assertEquals(0, log.maintain(now));
    }

    private RetryLog open()
    {
        return RetryLog.open(data, LENGTH, errors::add);
    }

    private void reopen()
    {
        log.close();
        log = open();
        model = RetryModel.read(log, now);
    }

    private void poll()
    {
        model.poll(log, now);
    }

    private void append(final RetryEntry... entries)
    {
        for (final RetryEntry entry : entries)
        {
            assertTrue(log.append(entry), entry.toString());
        }
    }

    private void appendWithMaintenance(final RetryEntry entry)
    {
        while (!log.append(entry))
        {
            poll();
            maintainOften();
        }
    }

    private int fill(final long subscription)
    {
        int appended = 0;
        while (log.append(failed(subscription, appended + 1, 1, "")))
        {
            appended++;
        }
        return appended;
    }

    private void fillUpWithGarbage()
    {
        for (int i = 0; i < 5 * LENGTH / 64; i++)
        {
            while (!log.append(RetryEntry.closed(99, i + 1)))
            {
                log.maintain(now);
            }
        }
    }

    /** The closing entry is the last one of the third file and not polled; the copy is the first of the fourth. */
    private void closeBeforeItsCopy()
    {
        append(failed(1, 1, 1, "old"));
        while (log.append(RetryEntry.closed(99, 1)))
        {
            poll();
        }
        log.maintain(now);
        for (int unit = 2; unit < LENGTH / 64; unit++)
        {
            append(RetryEntry.closed(99, 1));
        }
        poll();
        append(RetryEntry.closed(1, 1));
        log.maintain(now);
    }

    private void maintainOften()
    {
        for (int i = 0; i < 10; i++)
        {
            log.maintain(now);
        }
    }

    private void settle()
    {
        for (int i = 0; i < 40; i++)
        {
            poll();
            log.maintain(now);
        }
    }

    private void removeAllBut(final Path keep) throws IOException
    {
        for (final Path file : files())
        {
            if (!file.equals(keep))
            {
                Files.delete(file);
            }
        }
    }

    private List<Path> files()
    {
        try (Stream<Path> all = Files.list(data.positions().resolve("retries")))
        {
            return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static RetryEntry failed(
        final long subscription, final long sequence, final int attempt, final String text)
    {
        return RetryEntry.failed(
            subscription, sequence, RetryEntry.NO_KEY, attempt, 100, 50, 60, FailureCause.THREW, text);
    }
}
