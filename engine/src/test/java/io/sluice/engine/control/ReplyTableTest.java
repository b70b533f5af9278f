package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadHygiene;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of replies, and what becomes of it when there is trouble. */
@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class ReplyTableTest
{
    private static final ReplyKey KEY = new ReplyKey(RawClient.CLIENT, 1);

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
    void shouldForgetTheOldestWhenSomebodyAsksForManyAnswersThatNeverWere()
    {
        for (int i = 0; i < 4 * ReplyTable.MAX_REPLIES; i++)
        {
            client.write(
                CommandMessage.TYPE_CHUNKS, CommandMessage.chunks(new ReplyKey(5, i), i, i % 2 == 0));
            server.doWork();
            server.doWork();
        }
        command(1, "ping");
        assertEquals("RUNNING", client.read(1).result().text("state"));
        assertEquals(0, server.malformed());
    }

    @Test
    void shouldIgnoreACommandWhenAllPlacesAreTakenByUnansweredOnes()
    {
        final List<PendingReply> ended = new ArrayList<>();
        final ReplyTable table = new ReplyTable(ended::add);
        for (int i = 0; i < ReplyTable.MAX_REPLIES; i++)
        {
            assertTrue(table.add(reply(table, i)));
        }
        assertTrue(table.isFull());
        assertFalse(table.add(reply(table, ReplyTable.MAX_REPLIES)));

        table.clear();

        assertEquals(ReplyTable.MAX_REPLIES, ended.size());
        assertEquals("ABANDONED", ended.get(0).code());
        assertFalse(table.isFull());
    }

    @Test
    void shouldRefuseAsBusyWhenTheAnswersToOthersTakeAllTheRoom()
    {
        final List<ControlReply> replies = new ArrayList<>();
        server.commands().add("list", "holds its answer", (command, reply) -> replies.add(reply));
        final ControlJson large = new ControlJson().add("text", "x".repeat(15 << 20));
        for (int i = 1; i <= 3; i++)
        {
            command(i, "list");
        }
        assertTrue(replies.get(0).item(large));
        assertTrue(replies.get(1).item(large));
        assertFalse(replies.get(2).item(large));
        server.doWork();

        final ControlRefusedException refusal = assertThrows(ControlRefusedException.class, () -> client.read(3));
        assertEquals(ControlRefusedException.BUSY, refusal.code());
        // Their clients do not read: after a while there is room again.
        replies.get(0).done(new ControlJson());
        replies.get(1).done(new ControlJson());
        server.doWork();
        polled.advance(20);
        polled.advance(20);
        command(4, "list");
        assertTrue(replies.get(3).item(large));
    }

    @Test
    void shouldWriteDownThatACommandWasGivenUpWhenTheFileIsMadeAnew() throws IOException
    {
        final List<ControlReply> replies = new ArrayList<>();
        server.commands().add("drain", "takes long", (command, reply) -> replies.add(reply));
        command(1, "drain");
        client.all().putLong(ControlLayout.PID_OFFSET, 7);
        polled.advance(2);

        assertFalse(replies.get(0).done(new ControlJson()));
        final List<String> lines = Files.readAllLines(root.resolve("control").resolve(AuditLog.NAME));
        assertTrue(lines.get(0).endsWith("\"outcome\":\"started\"}"), lines.get(0));
        assertTrue(lines.get(1).endsWith(
            "\"outcome\":\"refused\",\"code\":\"ABANDONED\",\"message\":\"the channel was made anew before it was " +
            "answered\"}"), lines.get(1));
    }

    @Test
    void shouldCloseAndSaySoWhenTheFileIsOfNoUse()
    {
        server.commands().add("drain", "takes long", (command, reply) -> reply.item(new ControlJson()));
        command(1, "drain");
        client.replies().putLong(ControlLayout.REPLIES_CAPACITY, 7);

        polled.close();

        assertTrue(polled.errors().get(0).getMessage().contains("its file is of no use"), polled.errors()::toString);
        assertEquals(ControlLayout.CLOSED, client.all().getLong(ControlLayout.STATE_OFFSET));
    }

    @Test
    void shouldGoOnAndSaySoOnceWhenNothingCanBeWrittenDown() throws IOException
    {
        final Path inTheWay = root.resolve("control").resolve(AuditLog.OLD_NAME).resolve("in the way");
        Files.createDirectories(inTheWay);
        server.commands().add("note", "answers", (command, reply) -> reply.done(new ControlJson()));
        final String arguments = "{\"text\":\"" + "x".repeat(4000) + "\"}";
        for (int i = 1; i <= 1200; i++)
        {
            client.write(CommandMessage.TYPE_COMMAND, client.command(i, "note", arguments));
            server.doWork();
        }
        assertEquals(1200, server.received());
        assertEquals(1, polled.errors().size());
        assertTrue(polled.errors().get(0).getMessage().startsWith("commands are not written down for now: "));
    }

    @Test
    void shouldSayWhyWhenTheFilesCantBeMade() throws IOException
    {
        final Path other = Files.createDirectories(root.resolve("other"));
        Files.writeString(other.resolve("telemetry"), "in the way");
        final EventStorageException ex = assertThrows(EventStorageException.class, () -> new PolledServer(other));
        assertTrue(ex.getMessage().contains("commands.dat can't be made: "), ex.getMessage());
        assertTrue(ex.getMessage().endsWith("; check space and permissions"), ex.getMessage());

        Files.delete(other.resolve("telemetry"));
        Files.createDirectories(other.resolve("telemetry").resolve("commands.new").resolve("in the way"));
        assertThrows(EventStorageException.class, () -> new PolledServer(other));
    }

    @Test
    void shouldSayThatItIsNonsenseWhenAnAnswerCantBeRead()
    {
        for (final byte[] text : List.of(
            new byte[]{'{', '"', (byte)0xC3, '"', '}'}, "[]".getBytes(StandardCharsets.UTF_8), new byte[]{'{'}))
        {
            final byte[] chunk = ReplyChunk.of(KEY, 0, ReplyChunk.KIND_RESULT, true, text, 0, text.length);
            final ControlException ex = assertThrows(
                ControlException.class, () -> new ReplyAssembly(KEY).add(chunk, chunk.length));
            assertEquals(ControlFailure.NOT_A_CHANNEL, ex.failure());
            assertTrue(ex.getMessage().startsWith("the answer can't be read: "), ex.getMessage());
        }
    }

    @Test
    void shouldEndWhenAnAnswerNeverDoes()
    {
        final ReplyAssembly assembly = new ReplyAssembly(KEY);
        final byte[] text = new byte[ReplyChunk.MAX_TEXT_LENGTH];
        final ControlException ex = assertThrows(ControlException.class, () ->
        {
            for (int i = 0; i < 10_000; i++)
            {
                final byte[] chunk = ReplyChunk.of(KEY, i, ReplyChunk.KIND_ITEM, false, text, 0, text.length);
                assertTrue(assembly.add(chunk, chunk.length));
            }
        });
        assertTrue(ex.getMessage().startsWith("the answer has more than 17 MiB"), ex.getMessage());
    }

    @Test
    void shouldNoticeTheGapWhenAChunkIsMissing()
    {
        final ReplyAssembly assembly = new ReplyAssembly(KEY);
        final byte[] text = "{}".getBytes(StandardCharsets.UTF_8);
        final byte[] second = ReplyChunk.of(KEY, 1, ReplyChunk.KIND_RESULT, true, text, 0, text.length);
        final byte[] first = ReplyChunk.of(KEY, 0, ReplyChunk.KIND_ITEM, true, text, 0, text.length);
        final byte[] foreign = ReplyChunk.of(new ReplyKey(1, 1), 7, ReplyChunk.KIND_ITEM, true, text, 0, text.length);

        assertFalse(assembly.add(foreign, foreign.length));
        assertFalse(assembly.takeGap());
        assertFalse(assembly.add(second, second.length));
        assertTrue(assembly.takeGap());
        assertFalse(assembly.takeGap());
        assertTrue(assembly.add(first, first.length));
        assertFalse(assembly.add(first, first.length));
        assertFalse(assembly.takeGap());
        assertTrue(assembly.add(second, second.length));
        assertTrue(assembly.isEnded());
        assertEquals(1, assembly.answer().items().size());
    }

    private void command(final long correlation, final String name)
    {
        assertTrue(client.write(CommandMessage.TYPE_COMMAND, client.command(correlation, name, "{}")));
        server.doWork();
        server.doWork();
    }

    private static PendingReply reply(final ReplyTable table, final int correlation)
    {
        final ControlCommand command = new ControlCommand("x", ControlObject.parse(""), correlation, 1, 0, "");
        return new PendingReply(table, new ReplyKey(1, correlation), command, 0, 0, 0);
    }
}
