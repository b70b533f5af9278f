package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadHygiene;
import io.sluice.event.EventException;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says of files that are not what they should be. */
@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class ControlFileTest
{
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int FORGED_FILES = 300;

    @TempDir
    private Path root;

    private Path file;

    @BeforeEach
    void beforeEach() throws IOException
    {
        final DataDirectory directory = new DataDirectory(root);
        Files.createDirectories(directory.telemetry());
        file = ControlLayout.file(directory.telemetry());
    }

    @Test
    void shouldSayThatNoEngineEverRanWhenThereIsNothing()
    {
        final Path empty = root.resolve("empty");
        assertFails(
            ControlFailure.NO_ENGINE, "no engine has ever run in " + empty + ": check --dir",
            () -> ControlClient.open(empty));
    }

    @Test
    void shouldSayThatThereIsNoChannelWhenAnEngineRanWithoutOne() throws IOException
    {
        Files.writeString(root.resolve("FORMAT"), "1");
        assertFails(
            ControlFailure.NO_ENGINE,
            "no control channel in " + root + ": no engine runs there that was started with one",
            () -> ControlClient.open(root));
    }

    @Test
    void shouldRefuseWhatIsNoRegularFile() throws Exception
    {
        Files.createDirectory(file);
        assertFails(ControlFailure.NOT_A_CHANNEL, "is no regular file", () -> ControlClient.open(root));
        Files.delete(file);

        final Path elsewhere = root.resolve("elsewhere");
        write(elsewhere, sound());
        Files.createSymbolicLink(file, elsewhere);
        assertFails(ControlFailure.NOT_A_CHANNEL, "is no regular file", () -> ControlClient.open(root));
        Files.delete(file);

        assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", file.toString()).start().waitFor());
        assertFails(ControlFailure.NOT_A_CHANNEL, "is no regular file", () -> ControlClient.open(root));
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, 644", "rw-rw----, 660", "rw-----w-, 602", "r--------, 400"})
    void shouldRefuseWhenOthersMayTouchIt(final String mode, final String octal) throws IOException
    {
        write(file, sound());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertFails(
            ControlFailure.NOT_OWNED, "has mode " + octal + " instead of 600", () -> ControlClient.open(root));
    }

    @Test
    void shouldRefuseWhenItBelongsToSomebodyElse() throws IOException
    {
        write(file, sound());
        Assumptions.assumeTrue(ProcessIdentity.uidOf(ProcessHandle.current().pid()) == 0, "only root may give away");
        Files.setAttribute(file, "unix:uid", 65_534);
        assertFails(
            ControlFailure.NOT_OWNED, "belongs to user id 65534, and this process runs under 0: run the command as",
            () -> ControlClient.open(root));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 4095, 4096, 3_158_015, 3_158_017, 1 << 30})
    void shouldRefuseWhenTheLengthIsWrong(final int length) throws IOException
    {
        write(file, sound());
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"))
        {
            access.setLength(length);
        }
        assertFails(
            ControlFailure.NOT_A_CHANNEL,
            length < Long.BYTES ? "it does not begin as one" :
            "it has " + length + " bytes instead of " + ControlLayout.FILE_LENGTH,
            () -> ControlClient.open(root));
    }

    @Test
    void shouldNameTheVersionWhenItIsAnother() throws IOException
    {
        final UnsafeBuffer buffer = sound();
        buffer.putLong(ControlLayout.MAGIC_OFFSET, ControlLayout.MAGIC | 2, ByteOrder.nativeOrder());
        write(file, buffer);
        assertFails(
            ControlFailure.OTHER_VERSION,
            "has version 2, and this program knows 1: use the sluice that came with the engine",
            () -> ControlClient.open(root));
    }

    @Test
    void shouldNameTheProcessWhenItIsGone() throws Exception
    {
        final Process process = new ProcessBuilder("true").start();
        process.waitFor();
        final UnsafeBuffer buffer = sound();
        buffer.putLong(ControlLayout.PID_OFFSET, process.pid());
        write(file, buffer);
        assertFails(
            ControlFailure.GONE,
            "no engine runs there: the last one, in pid " + process.pid() + ", is gone without having been closed; " +
            "its heartbeat stopped at 2024-01-20T10:30:00Z, ",
            () -> ControlClient.open(root));
    }

    @Test
    void shouldSeeThatItIsGoneWhenItsPidBelongsToAnotherProcessNow() throws IOException
    {
        final UnsafeBuffer buffer = sound();
        final long start = buffer.getLong(ControlLayout.PROCESS_START_OFFSET);
        buffer.putLong(ControlLayout.PROCESS_START_OFFSET, start + 1);
        write(file, buffer);
        assertFails(ControlFailure.GONE, "is gone without having been closed", () -> ControlClient.open(root));
    }

    @Test
    void shouldNotTrustPidsWhenTheyAreOfAnotherSpace() throws IOException
    {
        final UnsafeBuffer buffer = sound();
        buffer.putLong(ControlLayout.PID_SPACE_OFFSET, 1);
        buffer.putLong(ControlLayout.PID_OFFSET, Integer.MAX_VALUE);
        write(file, buffer);
        assertUnanswered();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 4, Long.MIN_VALUE})
    void shouldRefuseWhenTheStateIsNone(final long state) throws IOException
    {
        final UnsafeBuffer buffer = sound();
        buffer.putLong(ControlLayout.STATE_OFFSET, state);
        write(file, buffer);
        assertFails(
            ControlFailure.NOT_A_CHANNEL, "the control channel is in no known state (" + state + ")",
            () -> ControlClient.open(root));
    }

    @Test
    void shouldTimeOutWhenASoundLookingFileHasNobodyBehindIt() throws IOException
    {
        write(file, sound());
        assertUnanswered();
    }

    @Test
    void shouldEndWithAnErrorWhenEverythingBehindTheHeaderIsForged() throws IOException
    {
        final Random random = new Random(20240120);
        for (int i = 0; i < FORGED_FILES; i++)
        {
            final UnsafeBuffer buffer = sound();
            forge(random, buffer, i);
            write(file, buffer);
            try (ControlClient client = ControlClient.open(root))
            {
                final String seed = "file " + i;
                assertThrows(
                    EventException.class,
                    () -> client.request("ping", new ControlJson(), TimeUnit.MILLISECONDS.toNanos(5)),
                    seed);
            }
        }
    }

    @Test
    void shouldSayThatItWasCutWhenThatHappensUnderTheClient() throws IOException
    {
        write(file, sound());
        try (ControlClient client = ControlClient.open(root))
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.truncate(4096);
            }
            assertFails(
                ControlFailure.NOT_A_CHANNEL, "the control channel was cut while it was in use",
                () -> client.request("ping", new ControlJson(), SHORT_NS));
        }
    }

    private void assertUnanswered()
    {
        try (ControlClient client = ControlClient.open(root))
        {
            assertFails(
                ControlFailure.NO_ANSWER, "did not answer 'ping' within 200 ms",
                () -> client.request("ping", new ControlJson(), SHORT_NS));
        }
    }

    private static void assertFails(
        final ControlFailure failure, final String message, final Executable action)
    {
        final ControlException ex = assertThrows(ControlException.class, action);
        assertEquals(failure, ex.failure(), ex.getMessage());
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
    }

    /** As this process would have made it. */
    private static UnsafeBuffer sound()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ControlLayout.FILE_LENGTH]);
        final ProcessIdentity self = ProcessIdentity.current();
        buffer.putLong(ControlLayout.MAGIC_OFFSET, ControlLayout.MAGIC | ControlLayout.VERSION);
        buffer.putLong(ControlLayout.PID_OFFSET, self.pid());
        buffer.putLong(ControlLayout.PROCESS_START_OFFSET, self.start());
        buffer.putLong(ControlLayout.PID_SPACE_OFFSET, self.space());
        buffer.putLong(ControlLayout.ACTIVITY_OFFSET, PolledServer.START.getEpochSecond() * 1_000_000_000L);
        buffer.putLong(ControlLayout.STATE_OFFSET, ControlLayout.OPEN);
        return buffer;
    }

    private static void forge(final Random random, final UnsafeBuffer buffer, final int kind)
    {
        final int from = kind % 3 == 0 ? ControlLayout.RING_OFFSET : ControlLayout.REPLIES_OFFSET;
        final byte[] noise = new byte[1 << (4 + random.nextInt(12))];
        for (int i = 0; i < 20; i++)
        {
            random.nextBytes(noise);
            buffer.putBytes(from + random.nextInt(buffer.capacity() - from - noise.length), noise);
        }
        // Positions that lead into the noise, and some that lead nowhere.
        final int trailer = ControlLayout.REPLIES_OFFSET + ControlLayout.REPLIES_CAPACITY;
        final long tail = kind % 2 == 0 ? random.nextLong() : 8L * random.nextInt(ControlLayout.REPLIES_CAPACITY);
        for (int offset = 0; offset < 384; offset += Long.BYTES)
        {
            buffer.putLong(trailer + offset, tail);
        }
        final int ringTrailer = ControlLayout.RING_OFFSET + ControlLayout.RING_CAPACITY;
        buffer.putLong(ringTrailer + 8 * random.nextInt(90), random.nextLong());
    }

    private static void write(final Path path, final UnsafeBuffer buffer) throws IOException
    {
        Files.write(path, buffer.byteArray());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }
}
