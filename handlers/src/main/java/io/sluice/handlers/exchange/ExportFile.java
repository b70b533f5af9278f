package io.sluice.handlers.exchange;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An export to a file.
 *
 * <pre>
 *   FILE.partial      what is written; cut to the checkpoint when it goes on, renamed when complete
 *   FILE.scratch      what the format keeps for the end, if anything
 *   FILE.checkpoint   how far both are forced to the device, replaced as a whole
 * </pre>
 *
 * The order is what makes it safe: bytes are forced before the checkpoint names them, and the last checkpoint says that
 * all is written before the file gets its name. Not thread-safe; a lock keeps other processes off.
 */
final class ExportFile implements ExportTarget
{
    private static final String START_AGAIN = "start again with overwrite (--overwrite)";
    private static final int TAIL_LENGTH = 4096;

    private final Path file;
    private final Path partial;
    private final Path scratchFile;
    private final Path checkpoint;
    private final ExportState state;
    private final boolean isResumed;
    private FileChannel channel;
    private FileChannel scratch;
    private ChannelOutput output;
    private boolean isOurs;

    private ExportFile(final ExportContext context, final ExportState state) throws IOException
    {
        this.state = state;
        file = context.file().toAbsolutePath();
        partial = sibling(".partial");
        scratchFile = sibling(".scratch");
        checkpoint = sibling(".checkpoint");
        refuse(context);
        boolean isOpened = false;
        try
        {
            lock(context.resume());
            isResumed = context.resume() && Files.exists(checkpoint);
            if (isResumed)
            {
                state.take(CheckpointFile.read(checkpoint, ExportState.KIND, START_AGAIN));
                checkPartial();
            }
            isOpened = true;
        }
        finally
        {
            if (!isOpened)
            {
                close();
            }
        }
    }

    static ExportFile open(final ExportContext context, final ExportState state)
    {
        try
        {
            return new ExportFile(context, state);
        }
        catch (final IOException ex)
        {
            throw new ExchangeRefusedException(
                context.file() + " can't be written: " + describe(ex) + "; name a file that can be", ex);
        }
    }

    static String describe(final IOException ex)
    {
        return ex instanceof NoSuchFileException ? "the directory does not exist" :
            ex instanceof AccessDeniedException ? "permission denied" : String.valueOf(ex.getMessage());
    }

    @Override
    public boolean isResumed()
    {
        return isResumed;
    }

    @Override
    public boolean isResumable()
    {
        return true;
    }

    @Override
    public void begin() throws IOException
    {
        if (!isResumed)
        {
            CheckpointFile.remove(checkpoint);
            Files.deleteIfExists(scratchFile);
        }
        channel.truncate(state.position);
        channel.position(state.position);
        output = new ChannelOutput(channel, state.position);
    }

    @Override
    public ChannelOutput stream()
    {
        return output;
    }

    @Override
    public long position()
    {
        return output.position();
    }

    @Override
    public String state()
    {
        return state.output;
    }

    @Override
    public FileChannel scratch() throws IOException
    {
        if (scratch == null)
        {
            scratch = FileChannel.open(
                scratchFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (scratch.size() < state.scratchPosition)
            {
                throw new ExchangeRefusedException(
                    scratchFile + " has " + scratch.size() + " bytes, fewer than the " + state.scratchPosition +
                    " of its checkpoint: " + START_AGAIN);
            }
            scratch.truncate(state.scratchPosition);
            scratch.position(state.scratchPosition);
        }
        return scratch;
    }

    @Override
    public void checkpoint() throws IOException
    {
        output.flush();
        channel.force(true);
        state.position = output.position();
        state.tail = tail();
        if (scratch != null)
        {
            scratch.force(true);
            state.scratchPosition = scratch.position();
        }
        CheckpointFile.write(checkpoint, ExportState.KIND, state.values());
    }

    @Override
    public void complete() throws IOException
    {
        if (!state.isFinished)
        {
            state.isFinished = true;
            checkpoint();
        }
        if (Files.exists(partial))
        {
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        CheckpointFile.forceDirectoryOf(file);
        Files.deleteIfExists(scratchFile);
        CheckpointFile.remove(checkpoint);
    }

    @Override
    public void close()
    {
        // What was refused before it began leaves nothing behind.
        final boolean isLocked = channel != null && channel.isOpen() && isOurs;
        CloseHelper.closeAll(channel, scratch);
        if (output == null && isLocked && isEmpty())
        {
            CloseHelper.quietClose(() -> Files.deleteIfExists(partial));
        }
    }

    private boolean isEmpty()
    {
        try
        {
            return Files.exists(partial) && Files.size(partial) == 0 && !Files.exists(checkpoint);
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private Path sibling(final String ending)
    {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private void refuse(final ExportContext context)
    {
        if (Files.isDirectory(file))
        {
            throw new ExchangeRefusedException(context.file() + " is a directory: name a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file))
        {
            // A device or a pipe would be replaced, not written to.
            throw new ExchangeRefusedException(context.file() + " is no regular file: export to a stream (-)");
        }
        final boolean isLeft = Files.exists(partial) || Files.exists(checkpoint);
        if (Files.exists(file) && !context.overwrite() && !(context.resume() && isLeft))
        {
            throw new ExchangeRefusedException(
                context.file() + " is there already" +
                (context.resume() ? " and complete, there is nothing to resume" : "") +
                ": name another file, or replace it with overwrite (--overwrite)");
        }
        if (isLeft && !context.overwrite() && !context.resume())
        {
            throw new ExchangeRefusedException(
                partial + " is left of an export that was interrupted: go on with resume (--resume), or " +
                START_AGAIN);
        }
    }

    private void lock(final boolean isResuming) throws IOException
    {
        // Complete but for its last steps: what is in the file must not be made again.
        final boolean isRenamed =
            isResuming && Files.exists(checkpoint) && !Files.exists(partial) && Files.exists(file);
        channel = FileChannel.open(
            isRenamed ? file : partial,
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try
        {
            final FileLock lock = channel.tryLock();
            if (lock != null)
            {
                isOurs = true;
                return;
            }
        }
        catch (final OverlappingFileLockException ex)
        {
            // Held by this process: said below.
        }
        throw new ExchangeRefusedException(
            partial + " is being written by another export: wait for it, or name another file");
    }

    private void checkPartial() throws IOException
    {
        if (channel.size() < state.position || tail() != state.tail)
        {
            throw new ExchangeRefusedException(
                partial + " is not what its checkpoint says: it was cut or changed; " + START_AGAIN);
        }
    }

    private long tail() throws IOException
    {
        final int length = (int)Math.min(TAIL_LENGTH, state.position);
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, state.position - length + bytes.position()) > 0)
        {
            Thread.onSpinWait();
        }
        return EventHash.hash64(new UnsafeBuffer(bytes.array()), 0, length);
    }
}
