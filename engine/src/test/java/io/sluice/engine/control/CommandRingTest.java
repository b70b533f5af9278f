package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadHygiene;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when clients die, stop, flood or forge; driven by hand, under a clock that the test moves. */
@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class CommandRingTest
{
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int TAIL = ControlLayout.RING_CAPACITY + RingBufferDescriptor.TAIL_POSITION_OFFSET;
    private static final int HEAD = ControlLayout.RING_CAPACITY + RingBufferDescriptor.HEAD_POSITION_OFFSET;

    @TempDir
    private Path root;

    private PolledServer polled;
    private ControlServer server;
    private RawClient client;

    @BeforeEach
    void beforeEach() throws IOException
    {
        polled = new PolledServer(root);
        server = polled.server();
        client = new RawClient(polled.file());
    }

    @AfterEach
    void afterEach()
    {
        client.close();
        polled.close();
    }

    @Test
    void shouldGoOnBehindItWhenAClientDiedWhileItWrote()
    {
        final int dying = client.ring().tryClaim(CommandMessage.TYPE_COMMAND, 1000);
        ping(1);
        server.doWork();
        polled.clock().advance(Duration.ofMillis(999));
        server.doWork();
        assertEquals(0, server.received());

        polled.advance(1);
        server.doWork();

        assertEquals(1, server.unblocked());
        assertEquals(1, server.received());
        assertEquals("RUNNING", client.read(1).result().text("state"));
        assertEquals(0, server.replaced());
        // It had only been stopped: it is told that its place is gone.
        assertThrows(IllegalStateException.class, () -> client.ring().commit(dying));
    }

    @Test
    void shouldGoOnBehindItWhenAClientDiedBeforeItWroteALength()
    {
        moveTail(512);
        ping(1);
        server.doWork();
        polled.advance(2);
        server.doWork();

        assertEquals(1, server.received());
        assertEquals(1, server.unblocked());
        assertEquals(0, server.replaced());
    }

    @Test
    void shouldGoOnWhenThereIsNothingBehindAClientThatDied()
    {
        moveTail(4096);
        server.doWork();
        polled.advance(2);
        ping(1);
        server.doWork();

        assertEquals(1, server.received());
        assertEquals(1, server.unblocked());
    }

    @Test
    void shouldSurviveTheEndOfTheRingWhenManyCommandsCome()
    {
        server.commands().add("fix", "repairs", (command, reply) ->
            reply.done(new ControlJson().add("length", command.arguments().text("payload").length())));
        final String payload = "{\"payload\":\"" + "x".repeat(100_000) + "\"}";
        for (int i = 1; i <= 100; i++)
        {
            assertTrue(client.write(CommandMessage.TYPE_COMMAND, client.command(i, "fix", payload)));
            server.doWork();
            server.doWork();
        }
        assertEquals(100, server.received());
        assertEquals(0, server.malformed());
        assertEquals(0, server.replaced());
    }

    @Test
    void shouldTakeTheLargestCommandAndNameTheLimitWhenOneIsLarger()
    {
        server.commands().add("fix", "repairs", (command, reply) ->
            reply.done(new ControlJson().add("length", command.arguments().text("payload").length())));
        polled.start();
        try (ControlClient good = ControlClient.open(root))
        {
            final int room = ControlClient.MAX_ARGUMENTS_LENGTH - "{\"payload\":\"\"}".length();
            final ControlAnswer answer =
                good.request("fix", new ControlJson().add("payload", "x".repeat(room)), LONG_NS);
            assertEquals(room, answer.result().number("length"));

            final IllegalArgumentException ex = assertThrows(
                IllegalArgumentException.class,
                () -> good.request("fix", new ControlJson().add("payload", "x".repeat(room + 1)), LONG_NS));
            assertEquals(
                "arguments with " + (ControlClient.MAX_ARGUMENTS_LENGTH + 1) +
                " bytes: the control channel takes at most " + ControlClient.MAX_ARGUMENTS_LENGTH, ex.getMessage());
        }
    }

    @Test
    void shouldSayThatItWasNotSentWhenTheRingIsFull()
    {
        final byte[] fill = client.command(1, "ping", " ".repeat(ControlClient.MAX_ARGUMENTS_LENGTH));
        while (client.write(CommandMessage.TYPE_COMMAND, fill))
        {
            assertEquals(0, server.received());
        }
        try (ControlClient good = ControlClient.open(root))
        {
            final ControlJson large = new ControlJson().add("x", "x".repeat(ControlClient.MAX_ARGUMENTS_LENGTH - 10));
            final ControlException ex =
                assertThrows(ControlException.class, () -> good.request("ping", large, SHORT_NS));
            assertEquals(ControlFailure.NOT_SENT, ex.failure());
            assertFalse(ex.failure().isOutcomeUnknown());
            assertTrue(ex.getMessage().startsWith("command 'ping' was not sent and will not be carried out: "));
            assertTrue(ex.getMessage().contains("its heartbeat stands still"), ex.getMessage());
        }
    }

    @Test
    void shouldIgnoreAndReportWhenMessagesAreNone()
    {
        final byte[] flipped = client.command(1, "ping", "{}");
        flipped[20] ^= 1;
        client.write(CommandMessage.TYPE_COMMAND, flipped);
        client.write(CommandMessage.TYPE_COMMAND, new byte[3]);
        client.write(77, client.command(2, "ping", "{}"));
        client.write(CommandMessage.TYPE_CHUNKS, CommandMessage.chunks(new ReplyKey(1, 1), -1, true));
        final byte[] twice = client.command(3, "ping", "{}");
        client.write(CommandMessage.TYPE_COMMAND, twice);
        client.write(CommandMessage.TYPE_COMMAND, twice);
        server.doWork();
        ping(4);
        server.doWork();

        assertEquals(5, server.malformed());
        assertEquals(2, server.received());
        assertEquals(0, server.replaced());
        assertEquals("RUNNING", client.read(4).result().text("state"));
        // Once a second at most.
        assertEquals(1, polled.errors().size());
        assertTrue(polled.errors().get(0).getMessage().startsWith(
            "control channel: the checksum of a message does not match"), polled.errors().get(0).getMessage());
        polled.advance(2);
        assertEquals(2, polled.errors().size());
        assertTrue(polled.errors().get(1).getMessage().endsWith("; and 3 more like it"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, -8, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, ControlLayout.RING_CAPACITY + 8})
    void shouldMakeTheFileAnewWhenThePositionsAreNonsense(final long position)
    {
        final boolean isHead = position == 8;
        client.all().putLong(ControlLayout.RING_OFFSET + (isHead ? HEAD : TAIL), position);
        assertRecovers();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, ControlLayout.RING_CAPACITY, Integer.MAX_VALUE, 1 << 20})
    void shouldMakeTheFileAnewWhenALengthIsNonsense(final int length)
    {
        ping(1);
        client.all().putInt(ControlLayout.RING_OFFSET + RecordDescriptor.lengthOffset(0), length);
        assertRecovers();
    }

    @Test
    void shouldMakeTheFileAnewWhenAClaimedLengthIsNonsense()
    {
        ping(1);
        client.all().putInt(ControlLayout.RING_OFFSET + RecordDescriptor.lengthOffset(0), Integer.MIN_VALUE);
        server.doWork();
        polled.clock().advance(Duration.ofSeconds(2));
        assertRecovers();
    }

    @ParameterizedTest
    @ValueSource(ints = {
        ControlLayout.MAGIC_OFFSET, ControlLayout.PID_OFFSET, ControlLayout.RUN_ID_OFFSET, ControlLayout.STARTED_OFFSET,
        ControlLayout.PROCESS_START_OFFSET, ControlLayout.PID_SPACE_OFFSET, ControlLayout.STATE_OFFSET})
    void shouldMakeTheFileAnewWhenItsHeaderWasOverwritten(final int offset)
    {
        client.all().putLong(offset, 7);
        assertRecovers();
    }

    @Test
    void shouldMakeTheFileAnewWhenTheReplyPositionsWereOverwritten()
    {
        client.replies().putLong(ControlLayout.REPLIES_CAPACITY, 7);
        assertRecovers();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 4096, 2_105_344, 3_153_920})
    void shouldMakeTheFileAnewWhenItWasCut(final int length) throws IOException
    {
        try (FileChannel channel = FileChannel.open(polled.file(), StandardOpenOption.WRITE))
        {
            channel.truncate(length);
        }
        assertRecovers();
    }

    @Test
    void shouldMakeTheFileAnewWhenItWasRemovedOrAnotherPutInItsPlace() throws IOException
    {
        Files.delete(polled.file());
        polled.advance(2);
        assertRecovers();

        Files.delete(polled.file());
        Files.writeString(polled.file(), "another");
        polled.advance(2);
        assertRecovers();
    }

    @Test
    void shouldNotMakeTheFileAnewMoreThanOnceASecondWhenSomebodyGoesOnForging() throws IOException
    {
        client.all().putLong(ControlLayout.PID_OFFSET, 7);
        polled.clock().advance(Duration.ofSeconds(2));
        server.doWork();
        assertEquals(1, server.replaced());
        try (RawClient second = new RawClient(polled.file()))
        {
            second.all().putLong(ControlLayout.PID_OFFSET, 7);
            for (int i = 0; i < 10; i++)
            {
                server.doWork();
            }
            assertEquals(2, server.replaced());
            assertEquals(ControlLayout.REPLACED, second.all().getLong(ControlLayout.STATE_OFFSET));
        }
        assertEquals(0, server.unblocked());
        polled.advance(2);
        assertRecovers();
    }

    @Test
    void shouldGoOnWithoutAChannelAndMakeItLaterWhenItCantBeMade() throws IOException
    {
        final Path half = polled.file().resolveSibling("commands.new");
        Files.createDirectories(half.resolve("in the way"));
        client.all().putLong(ControlLayout.PID_OFFSET, 7);
        polled.advance(2);
        polled.advance(2);
        assertTrue(
            polled.errors().stream().anyMatch(error -> error.getMessage().contains("can't be made")),
            polled.errors()::toString);

        Files.delete(half.resolve("in the way"));
        polled.advance(2);
        assertRecovers();
    }

    @Test
    void shouldTellAClientThatIsWaitingWhenTheFileIsMadeAnew() throws IOException
    {
        server.commands().add("drain", "takes long", (command, reply) -> client.all().putLong(
            ControlLayout.PID_OFFSET, 7));
        polled.clock().advance(Duration.ofSeconds(2));
        final ControlException ex = assertThrows(ControlException.class, () -> drive("drain", server::doWork));

        assertEquals(ControlFailure.BROKEN_OFF, ex.failure());
        assertTrue(
            ex.getMessage().startsWith("command 'drain' was sent, whether it was carried out is not known: the engine"),
            ex.getMessage());
    }

    @Test
    void shouldAskAgainWhenItsAnswerWasOverwritten() throws IOException
    {
        addLists();
        final int[] steps = {0};
        final ControlAnswer answer = drive("small", () ->
        {
            if (steps[0]++ == 0)
            {
                // Sent, and overwritten by what others get, before the client reads.
                server.doWork();
                flood();
            }
            server.doWork();
        });
        assertEquals("small", answer.result().text("text"));
    }

    @Test
    void shouldSayThatTheAnswerIsLostWhenItIsKeptNoLonger() throws IOException
    {
        addLists();
        final int[] steps = {0};
        final ControlException ex = assertThrows(ControlException.class, () -> drive("small", () ->
        {
            if (steps[0]++ == 0)
            {
                server.doWork();
                flood();
                polled.advance(20);
                polled.advance(20);
            }
            server.doWork();
        }));
        assertEquals(ControlFailure.ANSWER_LOST, ex.failure());
        assertTrue(ex.failure().isOutcomeUnknown());
    }

    @Test
    void shouldSayThatItIsBusyWhenNobodyPolls()
    {
        try (ControlClient good = ControlClient.open(root))
        {
            final ControlException ex = assertThrows(
                ControlException.class, () -> good.request("ping", new ControlJson(), SHORT_NS));
            assertEquals(ControlFailure.NO_ANSWER, ex.failure());
            assertTrue(ex.getMessage().contains("its heartbeat stands still, the last was "), ex.getMessage());
        }
    }

    @Test
    void shouldEndWhenTheThreadIsInterruptedOrTheClientClosed() throws IOException
    {
        final Thread self = Thread.currentThread();
        final ControlException ex = assertThrows(ControlException.class, () -> drive("ping", self::interrupt));
        assertTrue(Thread.interrupted());
        assertEquals(ControlFailure.NO_ANSWER, ex.failure());
        assertTrue(ex.getMessage().startsWith("this thread was interrupted"), ex.getMessage());

        final ControlClient closed = ControlClient.open(root);
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> PolledServer.ask(closed, "ping"));
        assertThrows(IllegalStateException.class, closed::pid);
        try (ControlClient good = ControlClient.open(root))
        {
            assertThrows(IllegalArgumentException.class, () -> good.request("", new ControlJson(), 1));
            assertThrows(IllegalArgumentException.class, () -> good.request("ping", new ControlJson(), 0));
        }
    }

    private void addLists()
    {
        server.commands()
            .add("small", "answers", (command, reply) -> reply.done(new ControlJson().add("text", "small")))
            .add("large", "answers", (command, reply) ->
                reply.done(new ControlJson().add("text", "x".repeat(200_000))));
    }

    private void flood()
    {
        for (int i = 0; i < 10; i++)
        {
            client.write(CommandMessage.TYPE_COMMAND, client.command(1000 + i, "large", "{}"));
            for (int j = 0; j < 4; j++)
            {
                server.doWork();
            }
        }
    }

    private ControlAnswer drive(final String command, final Runnable step) throws IOException
    {
        try (ControlFile file = ControlFile.open(polled.directory()))
        {
            final ReplyKey key = new ReplyKey(1, 1);
            final byte[] message = CommandMessage.command(
                key,
                1,
                LONG_NS,
                command.getBytes(StandardCharsets.UTF_8),
                new byte[0],
                new byte[]{'{', '}'});
            return new ControlRequest(file, key, command, LONG_NS, () ->
            {
                step.run();
                return false;
            }).run(message);
        }
    }

    private void assertRecovers()
    {
        polled.clock().advance(Duration.ofSeconds(2));
        server.doWork();
        assertTrue(server.replaced() > 0);
        assertFalse(polled.errors().isEmpty());
        polled.start();
        try (ControlClient good = ControlClient.open(root))
        {
            assertEquals("RUNNING", PolledServer.ask(good, "ping").result().text("state"));
            polled.stop();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private void ping(final long correlation)
    {
        assertTrue(client.write(CommandMessage.TYPE_COMMAND, client.command(correlation, "ping", "{}")));
    }

    /** A claim of which no more is to be seen than that it was made. */
    private void moveTail(final int length)
    {
        client.ring().buffer().getAndAddLong(TAIL, length);
    }
}
