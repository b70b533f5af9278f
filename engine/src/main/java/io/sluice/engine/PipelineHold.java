package io.sluice.engine;

import io.sluice.engine.delivery.CheckpointFile;
import io.sluice.engine.delivery.SubscriptionPositions;
import io.sluice.engine.failure.RetryHold;
import io.sluice.event.EventStorageException;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lets retention wait for the handlers of an engine, whether or not it runs: what they have not handled is delivered
 * again at the next start, and to durable subscriptions when they come back.
 */
public final class PipelineHold
{
    /** Name of the reader in reports, and of its file in {@code positions/}. */
    public static final String NAME = "pipeline";

    private PipelineHold()
    {
    }

    /**
     * Add it to a policy. An engine does that by itself.
     *
     * @param policy    to change.
     * @param directory data directory.
     * @return the policy.
     */
    public static ArchivePolicy addTo(final ArchivePolicy policy, final Path directory)
    {
        final Path file = new DataDirectory(directory).positions().resolve(NAME);
        final Path subscriptions = new DataDirectory(directory).positions().resolve(SubscriptionPositions.NAME);
        final Path checkpoint = new DataDirectory(directory).positions().resolve(CheckpointFile.NAME);
        policy
            .hold(NAME, () -> handled(file))
            .hold(SubscriptionPositions.NAME, () -> SubscriptionPositions.lowest(subscriptions))
            .hold(CheckpointFile.NAME, () -> CheckpointFile.lowest(checkpoint));
        // Behind that of the pipeline: what it has passed must be looked for here after that.
        return RetryHold.addTo(policy, directory);
    }

    /** @return sequence up to which every event is handled; the greatest value if no engine ever handled any. */
    static long handled(final Path file)
    {
        if (!Files.exists(file))
        {
            return Long.MAX_VALUE;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            if (channel.size() < PipelinePositions.LENGTH)
            {
                throw new EventStorageException("positions " + file + " are damaged; move the file away");
            }
            // Mapped, for an engine may be writing: a read through the mapping is never half of a value.
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, PipelinePositions.LENGTH);
            try
            {
                final long handled = PipelinePositions.handled(new UnsafeBuffer(mapped));
                if (handled < 0)
                {
                    throw new EventStorageException("positions " + file + " are damaged; move the file away");
                }
                return handled;
            }
            finally
            {
                BufferUtil.free(mapped);
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("positions " + file + " can't be read: " + ex, ex);
        }
    }
}
