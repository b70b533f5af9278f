package io.sluice.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.journal.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replay that is killed goes on from its checkpoint. {@code sluice.replay.kills} says how often it is killed, {@code
 * sluice.replay.seed} when.
 */
@Timeout(300)
class ReplayKillTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplayKillTest.class);
    private static final int EVENTS = 150_000;
    private static final int MAX_WORK_NS = 8_000_000;

    private final int kills = Integer.getInteger("sluice.replay.kills", 6);
    private final long seed = Long.getLong("sluice.replay.seed", 1);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 50})
    void shouldLeaveOutNothingAndRepeatOnlyWhatWasNotSavedWhenKilled(final int together) throws Exception
    {
        final ReplayFixture fixture = new ReplayFixture(directory, 1 << 22);
        fixture.fill(EVENTS);
        final Random random = new Random(seed + together);
        final List<Long> expected = LongStream.rangeClosed(1, EVENTS).filter((n) -> n % 3 != 0).boxed().toList();
        final List<Long> done = new ArrayList<>();
        int interrupted = 0;
        long repeats = 0;
        int seen = 0;
        for (int round = 0; round <= kills; round++)
        {
            final long placeBefore = fixture.place("child");
            run(together, round == kills ? Long.MAX_VALUE : random.nextInt(MAX_WORK_NS));

            final List<Long> handedOut = handedOut();
            final List<Long> now = handedOut.subList(seen, handedOut.size());
            final String what = "round " + round + " of seed " + seed + " from " + placeBefore + ": ";
            final long place = fixture.place("child");
            int repeated = 0;
            for (int i = 0; i < now.size(); i++)
            {
                final long sequence = now.get(i);
                if (i == 0)
                {
                    assertEquals(next(placeBefore), sequence, what + "goes on right behind its place");
                }
                // What a consumer does that keeps the last sequence with its result.
                if (done.isEmpty() || sequence > done.get(done.size() - 1))
                {
                    done.add(sequence);
                }
                else
                {
                    repeated++;
                }
            }
            assertEquals(expected.subList(0, done.size()), done, what + "nothing is left out");
            final long last = done.isEmpty() ? 0 : done.get(done.size() - 1);
            assertTrue(place < next(last), what + "the place " + place + " is not ahead of the work, " + last);
            assertTrue(repeated <= Math.max(1, together), what + repeated + " were repeated");
            interrupted += place > placeBefore && place < EVENTS ? 1 : 0;
            repeats += repeated;
            seen = handedOut.size();
        }
        assertEquals(expected, done);
        LOGGER.warn("replay, {} at a time: killed {} times, {} of them amid its work; {} of {} events repeated",
            Math.max(1, together), kills, interrupted, repeats, done.size());
        assertTrue(interrupted > 0, interrupted + " of " + kills + " kills met the replay amid its work");
    }

    private void run(final int together, final long workNs) throws IOException, InterruptedException
    {
        try (ChildJvm child = ChildJvm.start(
            ChildReplay.class, directory.toString(), file().toString(), "sequence % 3 != 0", "" + together))
        {
            assertEquals("at work", child.readLine());
            if (workNs == Long.MAX_VALUE)
            {
                assertEquals(0, child.waitFor());
                return;
            }
            final long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < workNs)
            {
                Thread.onSpinWait();
            }
        }
    }

    /** @return the first one that is picked behind a place. */
    private static long next(final long place)
    {
        return (place + 1) % 3 == 0 ? place + 2 : place + 1;
    }

    private List<Long> handedOut() throws IOException
    {
        final byte[] bytes = Files.readAllBytes(file());
        final List<Long> sequences = new ArrayList<>();
        // A write that the kill cut short is none; whoever goes on behind it must take it away.
        final int whole = bytes.length - bytes.length % Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES)
        {
            sequences.add(ByteBuffer.wrap(bytes).getLong(i));
        }
        if (whole < bytes.length)
        {
            Files.write(file(), Arrays.copyOf(bytes, whole));
        }
        return sequences;
    }

    private Path file()
    {
        return directory.resolve("handed-out");
    }
}
