package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadHygiene;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Random bytes in the memory of the channel: the server goes on, reports, and can be asked again afterwards. */
@ExtendWith(ThreadHygiene.class)
@Timeout(300)
class ControlFuzzTest
{
    private static final int ROUNDS = Integer.getInteger("sluice.fuzz.rounds", 5_000);
    private static final int RING_TRAILER = ControlLayout.RING_OFFSET + ControlLayout.RING_CAPACITY;
    private static final int TAIL = RING_TRAILER + RingBufferDescriptor.TAIL_POSITION_OFFSET;

    @TempDir
    private Path root;

    private PolledServer polled;

    @BeforeEach
    void beforeEach()
    {
        polled = new PolledServer(root);
        polled.server().commands().add("list", "many", (command, reply) ->
        {
            for (int i = 0; i < 100; i++)
            {
                reply.item(new ControlJson().add("text", "x".repeat(1000)));
            }
            reply.done(new ControlJson());
        });
    }

    @AfterEach
    void afterEach()
    {
        polled.close();
    }

    @Test
    void shouldSurviveReportAndRecoverWhenItsMemoryIsRandom() throws Exception
    {
        final long seed = 20240120;
        final Random random = new Random(seed);
        RawClient client = new RawClient(polled.file());
        long replaced = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            spoil(random, client, round);
            for (int i = 0; i < 3; i++)
            {
                polled.server().doWork();
                polled.clock().advance(Duration.ofMillis(400));
            }
            if (polled.server().replaced() > replaced)
            {
                replaced = polled.server().replaced();
                polled.advance(2);
                client.close();
                client = new RawClient(polled.file());
            }
            if (round % 500 == 0)
            {
                assertAnswers("round " + round + " of seed " + seed);
            }
        }
        client.close();
        polled.advance(2);
        assertAnswers("the end of seed " + seed);
        assertTrue(replaced > ROUNDS / 20, () -> "made anew " + polled.server().replaced() + " times only");
        assertTrue(polled.server().malformed() > ROUNDS / 20, () -> polled.server().malformed() + " malformed only");
        assertTrue(polled.errors().size() > 10);
        assertEquals(0, polled.errors().stream().filter(error -> error instanceof Error).count());
    }

    @Test
    void shouldSurviveWhenItsMemoryChangesWhileItPolls() throws Exception
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        polled.start();
        final Thread vandal = new Thread(() -> vandalise(isDone));
        vandal.start();
        for (int i = 0; i < ROUNDS / 50; i++)
        {
            polled.clock().advance(Duration.ofMillis(1100));
            Thread.yield();
        }
        isDone.set(true);
        vandal.join();
        polled.stop();
        polled.advance(2);
        polled.advance(2);
        assertAnswers("the end");
        assertEquals(0, polled.errors().stream().filter(error -> error instanceof Error).count());
    }

    @Test
    void shouldReadNothingBeyondItsBoundsWhenRepliesAreRandom()
    {
        final Random random = new Random(7);
        final UnsafeBuffer replies = new UnsafeBuffer(new byte[ControlLayout.REPLIES_LENGTH]);
        final byte[] noise = new byte[4096];
        for (int round = 0; round < ROUNDS; round++)
        {
            random.nextBytes(noise);
            replies.putBytes(8 * random.nextInt((ControlLayout.REPLIES_CAPACITY - noise.length) / 8), noise);
            replies.putInt(0, random.nextInt(100));
            final ReplyReader reader = ReplyReader.fromStart(replies);
            final ReplyAssembly assembly = new ReplyAssembly(new ReplyKey(1, 1));
            final long tail = round % 3 == 0 ? random.nextLong() : 8L * random.nextInt(200_000);
            for (int offset = ControlLayout.REPLIES_CAPACITY; offset < replies.capacity(); offset += Long.BYTES)
            {
                replies.putLong(offset, tail);
            }
            for (int i = 0; i < 100; i++)
            {
                final int length = reader.poll();
                if (length > 0)
                {
                    assembly.add(reader.message(), length);
                }
            }
            assertEquals(0, assembly.expected());
        }
    }

    private void vandalise(final AtomicBoolean isDone)
    {
        final Random random = new Random(11);
        while (!isDone.get())
        {
            try (RawClient client = new RawClient(polled.file()))
            {
                for (int i = 0; i < 20; i++)
                {
                    spoil(random, client, random.nextInt(100));
                }
            }
            catch (final IOException ex)
            {
                // The file is just being made anew.
                Thread.onSpinWait();
            }
        }
    }

    private void spoil(final Random random, final RawClient client, final int round)
    {
        final UnsafeBuffer all = client.all();
        final byte[] message = client.command(round + 1L, random.nextBoolean() ? "ping" : "list", "{}");
        switch (random.nextInt(8))
        {
            case 0:
                flip(random, message);
                client.write(CommandMessage.TYPE_COMMAND, message);
                break;
            case 1:
                client.write(random.nextInt(4) + 1, message);
                break;
            case 2:
                noise(random, all, ControlLayout.RING_OFFSET, ControlLayout.RING_CAPACITY);
                break;
            case 3:
                // Where the server reads next.
                all.putInt(ControlLayout.RING_OFFSET + (int)(all.getLong(TAIL) & ControlLayout.RING_CAPACITY - 8),
                    random.nextInt());
                client.ring().buffer().getAndAddLong(TAIL - ControlLayout.RING_OFFSET, 8L * random.nextInt(1000));
                break;
            case 4:
                noise(random, all, RING_TRAILER, RingBufferDescriptor.TRAILER_LENGTH);
                break;
            case 5:
                noise(random, all, ControlLayout.REPLIES_OFFSET, ControlLayout.REPLIES_LENGTH);
                break;
            case 6:
                client.write(
                    CommandMessage.TYPE_CHUNKS,
                    CommandMessage.chunks(
                        new ReplyKey(RawClient.CLIENT, random.nextInt(round + 1)), random.nextInt(100) - 5,
                        random.nextBoolean()));
                break;
            default:
                client.ring().tryClaim(CommandMessage.TYPE_COMMAND, random.nextInt(1000));
                break;
        }
    }

    private static void flip(final Random random, final byte[] message)
    {
        message[random.nextInt(message.length)] ^= (byte)(1 << random.nextInt(8));
    }

    private static void noise(final Random random, final UnsafeBuffer all, final int from, final int length)
    {
        final byte[] bytes = new byte[Math.min(length, 1 + random.nextInt(2000))];
        random.nextBytes(bytes);
        all.putBytes(from + random.nextInt(length - bytes.length + 1), bytes);
    }

    private void assertAnswers(final String when) throws InterruptedException
    {
        // What is still spoiled shows when it is polled.
        for (int i = 0; i < 5; i++)
        {
            polled.advance(2);
        }
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            assertEquals("RUNNING", PolledServer.ask(client, "ping").result().text("state"), when);
            assertEquals(100, PolledServer.ask(client, "list").items().size(), when);
        }
        finally
        {
            polled.stop();
        }
    }
}
