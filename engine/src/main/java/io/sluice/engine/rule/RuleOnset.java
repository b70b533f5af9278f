package io.sluice.engine.rule;

import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import io.sluice.journal.MappingFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The file {@code control/rules.onset}: from which sequence on the version holds that is being made. The thread that
 * gives sequences makes it hold and does not wait for {@code rules.json} to say so; if the process ends before that
 * does, or the disk is full, this file knows.
 *
 * <pre>
 *   0        8        16       24       32              4096
 *   +--------+--------+--------+--------+---------------+
 *   | magic, | version|sequence|checksum| 0             |     sequence -1: it does not hold yet
 *   | format | number |        |        |               |     checksum: XXH3-64 of what stands before it
 *   +--------+--------+--------+--------+---------------+
 * </pre>
 *
 * Mapped, hence what was stored survives the end of the process at any instruction; a process that ends within a store
 * leaves a checksum that does not match, and then nobody has seen the version hold. A power loss may take what was not
 * forced. Made anew by the first change of a run, so it never tells of a version of another file of rules.
 *
 * <p>Not thread-safe: whoever changes rules hands it to the sequencing thread and gets it back.
 */
final class RuleOnset implements AutoCloseable
{
    /** Its name, beside the file of the rules. */
    static final String NAME = "rules.onset";

    private static final long MAGIC = 0x0000_0001_6F52_4C53L;
    private static final int FILE_LENGTH = 4096;
    private static final int NUMBER = 8;
    private static final int SEQUENCE = 16;
    private static final int CHECKSUM = 24;
    private static final int LENGTH = 32;

    private final Path file;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final MappingFault fault = new MappingFault();

    private RuleOnset(final Path file, final MappedByteBuffer mapped)
    {
        this.file = file;
        this.mapped = mapped;
        buffer = new UnsafeBuffer(mapped);
    }

    /**
     * Make the file, in the place of any that there is. Blocks for as long as the device takes.
     *
     * @param file to make.
     * @return it, not yet expecting any version.
     * @throws IOException if it can't be made.
     */
    static RuleOnset create(final Path file) throws IOException
    {
        // Under its name in full length only: a store into a hole kills the process when the disk is full.
        final Path half = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(
            half,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer unused = ByteBuffer.allocate(FILE_LENGTH);
            while (unused.hasRemaining())
            {
                channel.write(unused);
            }
            channel.force(true);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new RuleOnset(file, channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_LENGTH));
        }
    }

    /**
     * What the file says of a version. Changes nothing.
     *
     * @param file   to read; there may be none.
     * @param number of the version.
     * @return sequence from which it holds; {@link RuleVersion#NOT_YET} if nobody has seen it hold, or the file is not
     *         sound.
     * @throws IOException if there is a file that can't be read.
     */
    static long read(final Path file, final long number) throws IOException
    {
        final byte[] bytes;
        try
        {
            bytes = Files.readAllBytes(file);
        }
        catch (final NoSuchFileException ex)
        {
            return RuleVersion.NOT_YET;
        }
        if (bytes.length != FILE_LENGTH)
        {
            return RuleVersion.NOT_YET;
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final boolean isSound = buffer.getLong(0) == MAGIC && buffer.getLong(CHECKSUM) == checksum(buffer);
        return isSound && buffer.getLong(NUMBER) == number ? buffer.getLong(SEQUENCE) : RuleVersion.NOT_YET;
    }

    /**
     * A version is about to hold. What the file said of the one before is gone then.
     *
     * @param number of it.
     * @throws EventStorageException if the file was cut meanwhile, or the device failed.
     */
    void expect(final long number)
    {
        // Also has the page at hand for the sequencing thread.
        store(number, RuleVersion.NOT_YET);
    }

    /**
     * The version that is expected holds. Neither blocks nor allocates.
     *
     * @param sequence of the first event that it holds for.
     * @throws EventStorageException if the file was cut meanwhile, or the device failed.
     */
    void holdFrom(final long sequence)
    {
        store(buffer.getLong(NUMBER), sequence);
    }

    /**
     * Have it on the device; blocks for as long as that takes.
     *
     * @throws IOException if the device did not confirm it.
     */
    void force() throws IOException
    {
        try
        {
            mapped.force();
        }
        catch (final UncheckedIOException ex)
        {
            // Thrown as what it is up to Java 17.
            throw ex.getCause();
        }
    }

    /** Release the mapping; the file stays. What is stored afterwards goes nowhere. */
    @Override
    public void close()
    {
        buffer.wrap(new byte[LENGTH]);
        MappingFault.unmap(mapped);
    }

    // The JVM tells of a store that failed at once, later, or not at all.
    private void store(final long number, final long sequence)
    {
        boolean isStored = false;
        try
        {
            buffer.putLong(0, MAGIC);
            buffer.putLong(NUMBER, number);
            buffer.putLong(SEQUENCE, sequence);
            buffer.putLongRelease(CHECKSUM, checksum(buffer));
            isStored = fault.isReadable(buffer, 0, LENGTH);
        }
        catch (final InternalError ex)
        {
            isStored = false;
        }
        if (!isStored)
        {
            throw new EventStorageException(
                "version " + number + " of the rules can't be noted in " + file +
                ": it was cut meanwhile, or the device failed; check the device, and change the rules again");
        }
    }

    private static long checksum(final UnsafeBuffer buffer)
    {
        return EventHash.hash64(buffer, 0, CHECKSUM);
    }
}
