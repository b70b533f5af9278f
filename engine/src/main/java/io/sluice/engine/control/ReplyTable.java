package io.sluice.engine.control;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The replies that grow, are being sent, or are kept for a while because their client may have missed a part. Bounded:
 * in number, and in bytes. What says {@code any thread} may be called by any; the rest is for the one that polls, and
 * allocates nothing where there are no replies.
 */
final class ReplyTable
{
    static final int MAX_REPLIES = 256;
    static final int MAX_UNANSWERED = 64;
    static final long KEEP_NS = 10_000_000_000L;

    private static final long HURRY_NS = 1_000_000_000L;
    private static final long MAX_HELD = 32 << 20;
    private static final long MAX_KEPT = 4 << 20;
    private static final int CHUNKS_PER_CYCLE = 8;

    private final Map<ReplyKey, PendingReply> replies = new LinkedHashMap<>();
    private final Queue<PendingReply> woken = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<PendingReply> sending = new ArrayDeque<>();
    private final AtomicLong held = new AtomicLong();
    private final Consumer<PendingReply> onEnd;
    private int unanswered;

    /**
     * @param onEnd told once of each reply that has ended.
     */
    ReplyTable(final Consumer<PendingReply> onEnd)
    {
        this.onEnd = onEnd;
    }

    /** Any thread: there is room for so many bytes more. */
    boolean hold(final int length)
    {
        if (held.addAndGet(length) <= MAX_HELD)
        {
            return true;
        }
        held.addAndGet(-length);
        return false;
    }

    /** Any thread: something was added to this reply. */
    void wake(final PendingReply reply)
    {
        woken.add(reply);
    }

    PendingReply find(final ReplyKey key)
    {
        return replies.get(key);
    }

    boolean isFull()
    {
        return unanswered >= MAX_UNANSWERED;
    }

    /** @return false if there is no room, not even by forgetting a reply that was sent. */
    boolean add(final PendingReply reply)
    {
        if (replies.size() >= MAX_REPLIES && !forgetOldest(Long.MAX_VALUE))
        {
            return false;
        }
        replies.put(reply.key(), reply);
        unanswered++;
        return true;
    }

    /** Have a reply sent as far as its window goes. */
    void send(final PendingReply reply)
    {
        if (!reply.isQueued())
        {
            reply.queued(true);
            sending.add(reply);
        }
    }

    /**
     * Send what there is, a bounded part of it.
     *
     * @param buffer to write to.
     * @param nowNs  the engine's clock.
     * @return number of chunks that were sent.
     * @throws ChannelDamagedException if the buffer is.
     */
    int transmit(final ReplyBuffer buffer, final long nowNs) throws ChannelDamagedException
    {
        takeWoken(nowNs);
        int count = 0;
        while (count < CHUNKS_PER_CYCLE && !sending.isEmpty())
        {
            final PendingReply reply = sending.poll();
            final byte[] chunk = reply.nextChunk();
            if (chunk == null)
            {
                reply.queued(false);
                continue;
            }
            // A chunk of each in turn: nobody waits for a long list of somebody else.
            sending.add(reply);
            buffer.transmit(chunk);
            reply.sent(nowNs);
            count++;
        }
        return count;
    }

    /** Let go of what has been kept long enough, and of commands that are never answered. Every second or so. */
    void expire(final long nowNs)
    {
        final Iterator<PendingReply> iterator = replies.values().iterator();
        while (iterator.hasNext())
        {
            final PendingReply reply = iterator.next();
            if (reply.isEnded() && reply.isIdleSince(nowNs - KEEP_NS) || reply.isOverdue(nowNs - KEEP_NS))
            {
                iterator.remove();
                forget(reply, "it was not answered in the time that its client waited");
            }
        }
    }

    /** Complete whatever is not, with a refusal. */
    void refuseAll(final String code, final String message, final long nowNs)
    {
        for (final PendingReply reply : replies.values())
        {
            reply.refuse(code, message);
        }
        takeWoken(nowNs);
    }

    /** Nobody can be reached any more. */
    void clear()
    {
        for (final PendingReply reply : replies.values())
        {
            forget(reply, "the channel was made anew before it was answered");
        }
        replies.clear();
        sending.clear();
        woken.clear();
    }

    private void takeWoken(final long nowNs)
    {
        PendingReply reply = woken.poll();
        while (reply != null)
        {
            if (replies.get(reply.key()) == reply)
            {
                end(reply);
                send(reply);
            }
            reply = woken.poll();
        }
        boolean isForgetting = held.get() > MAX_KEPT;
        while (isForgetting)
        {
            isForgetting = forgetOldest(nowNs - HURRY_NS) && held.get() > MAX_KEPT;
        }
    }

    private void end(final PendingReply reply)
    {
        if (reply.isEnded() && reply.audit())
        {
            unanswered--;
            onEnd.accept(reply);
        }
    }

    private boolean forgetOldest(final long idleSinceNs)
    {
        final Iterator<PendingReply> iterator = replies.values().iterator();
        while (iterator.hasNext())
        {
            final PendingReply reply = iterator.next();
            if (reply.isSent() && !reply.isQueued() && reply.isIdleSince(idleSinceNs))
            {
                iterator.remove();
                forget(reply, "");
                return true;
            }
        }
        return false;
    }

    private void forget(final PendingReply reply, final String reason)
    {
        held.addAndGet(-reply.abandon(reason));
        end(reply);
    }
}
