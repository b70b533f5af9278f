package io.sluice.engine.control;

import io.sluice.journal.MappingFault;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * One request of a client, from its writing to its answer. One thread. However the file is written to meanwhile, it
 * ends by its deadline.
 */
final class ControlRequest
{
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long ASK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long STALL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LEAST_PAUSE_NS = 50_000L;
    private static final long MOST_PAUSE_NS = 2_000_000L;
    private static final int RECORDS_PER_LOOK = 256;
    private static final int RECORDS_PER_BUFFER = ControlLayout.REPLIES_CAPACITY / RecordDescriptor.ALIGNMENT;
    private static final int TAIL = ControlLayout.RING_CAPACITY + RingBufferDescriptor.TAIL_POSITION_OFFSET;

    private final ControlFile file;
    private final ReplyKey key;
    private final String command;
    private final long timeoutNs;
    private final BooleanSupplier isClosed;
    private final MappingFault fault = new MappingFault();
    private final ManyToOneRingBuffer ring;
    private final ReplyReader reader;
    private final ReplyAssembly assembly;
    private final long startNs = System.nanoTime();
    private final long activityNs;
    private long nextLookNs = startNs + LOOK_INTERVAL_NS;
    private long progressNs = startNs;
    private long askedNs = startNs - STALL_NS;
    private int confirmed;
    private boolean isMissing;

    ControlRequest(
        final ControlFile file,
        final ReplyKey key,
        final String command,
        final long timeoutNs,
        final BooleanSupplier isClosed)
    {
        this.file = file;
        this.key = key;
        this.command = command;
        this.timeoutNs = timeoutNs;
        this.isClosed = isClosed;
        ring = new ManyToOneRingBuffer(file.ring());
        reader = ReplyReader.fromEnd(file.replies());
        assembly = new ReplyAssembly(key);
        activityNs = file.activityNs();
    }

    ControlAnswer run(final byte[] message)
    {
        send(message);
        long pauseNs = LEAST_PAUSE_NS;
        while (!assembly.isEnded())
        {
            if (readSome())
            {
                pauseNs = LEAST_PAUSE_NS;
            }
            else
            {
                LockSupport.parkNanos(pauseNs);
                pauseNs = Math.min(2 * pauseNs, MOST_PAUSE_NS);
            }
            if (!assembly.isEnded())
            {
                look();
                askForMore();
            }
        }
        return assembly.answer();
    }

    private void send(final byte[] message)
    {
        final ControlException failure = file.failure();
        if (failure != null)
        {
            throw failure;
        }
        while (!offer(CommandMessage.TYPE_COMMAND, message))
        {
            final boolean isInterrupted = Thread.currentThread().isInterrupted();
            if (isInterrupted || isClosed.getAsBoolean() || System.nanoTime() - startNs >= timeoutNs)
            {
                throw new ControlException(
                    ControlFailure.NOT_SENT,
                    "command '" + command + "' was not sent and will not be carried out: " +
                    (isInterrupted ? "this thread was interrupted" :
                    "the engine in pid " + file.pid() + " has taken no command for " + seconds(timeoutNs) + ", " +
                    heartbeat()));
            }
            final ControlException gone = file.failure();
            if (gone != null)
            {
                throw gone;
            }
            LockSupport.parkNanos(MOST_PAUSE_NS);
        }
    }

    private boolean offer(final int typeId, final byte[] message)
    {
        final UnsafeBuffer buffer = file.ring();
        if (!file.isReadable(fault))
        {
            throw ControlClient.cut(null);
        }
        if ((buffer.getLongVolatile(TAIL) & RecordDescriptor.ALIGNMENT - 1) != 0)
        {
            // Nobody can write there. The engine sees that, too, and makes the file anew.
            return false;
        }
        final int index = ring.tryClaim(typeId, message.length);
        if (index < 0)
        {
            return false;
        }
        buffer.putBytes(index, message);
        try
        {
            ring.commit(index);
        }
        catch (final IllegalStateException ex)
        {
            throw new ControlException(
                ControlFailure.NOT_SENT,
                "command '" + command + "' was not sent and will not be carried out: this process was held up while " +
                "it wrote, and the engine has given its place to others; try again",
                ex);
        }
        return true;
    }

    /** @return true if there was anything. */
    private boolean readSome()
    {
        int count = 0;
        while (count < RECORDS_PER_LOOK && !assembly.isEnded())
        {
            final int length = reader.poll();
            if (length == ReplyReader.NOTHING)
            {
                break;
            }
            count++;
            if (length == ReplyReader.MISSED)
            {
                isMissing = true;
            }
            else if (length > 0 && assembly.add(reader.message(), length))
            {
                progressNs = System.nanoTime();
                isMissing = false;
            }
            isMissing |= assembly.takeGap();
        }
        return count > 0;
    }

    private void askForMore()
    {
        final long nowNs = System.nanoTime();
        final boolean isStalled = assembly.expected() > 0 && nowNs - progressNs > STALL_NS;
        if ((isMissing || isStalled) && nowNs - askedNs > (isMissing ? ASK_INTERVAL_NS : STALL_NS))
        {
            askedNs = nowNs;
            if (offer(CommandMessage.TYPE_CHUNKS, CommandMessage.chunks(key, assembly.expected(), true)))
            {
                isMissing = false;
                confirmed = assembly.expected();
            }
        }
        else if (assembly.expected() - confirmed >= PendingReply.WINDOW / 2 &&
            offer(CommandMessage.TYPE_CHUNKS, CommandMessage.chunks(key, assembly.expected(), false)))
        {
            confirmed = assembly.expected();
        }
    }

    private void look()
    {
        final long nowNs = System.nanoTime();
        if (Thread.currentThread().isInterrupted())
        {
            throw new ControlException(
                ControlFailure.NO_ANSWER,
                "this thread was interrupted while it waited for the answer to '" + command +
                "', which may still be carried out");
        }
        if (isClosed.getAsBoolean())
        {
            throw new ControlException(
                ControlFailure.NO_ANSWER,
                "this client was closed while it waited for the answer to '" + command +
                "', which may still be carried out");
        }
        if (nowNs - startNs >= timeoutNs)
        {
            throw new ControlException(
                ControlFailure.NO_ANSWER,
                "the engine in pid " + file.pid() + " did not answer '" + command + "' within " + seconds(timeoutNs) +
                ", " + heartbeat() + "; the command may still be carried out");
        }
        if (nowNs - nextLookNs >= 0)
        {
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
            checkEngine();
        }
    }

    private void checkEngine()
    {
        if (!file.isReadable(fault))
        {
            throw ControlClient.cut(null);
        }
        final ControlException failure = file.failure();
        if (failure == null)
        {
            return;
        }
        // What it said last counts more than that it is gone.
        for (int i = 0; i < RECORDS_PER_BUFFER / RECORDS_PER_LOOK && readSome(); i++)
        {
            if (assembly.isEnded())
            {
                return;
            }
        }
        throw new ControlException(
            ControlFailure.BROKEN_OFF,
            "command '" + command + "' was sent, whether it was carried out is not known: " + failure.getMessage(),
            failure);
    }

    private String heartbeat()
    {
        return file.activityNs() == activityNs ?
            "and its heartbeat stands still, the last was " + file.ago() +
            " ago: it is busy, or its process is stopped" :
            "though its heartbeat goes on: what it was asked for takes longer";
    }

    private static String seconds(final long ns)
    {
        return ns < TimeUnit.SECONDS.toNanos(1) ?
            TimeUnit.NANOSECONDS.toMillis(ns) + " ms" : String.format(Locale.ROOT, "%.1f s", ns / 1e9);
    }
}
