package io.sluice.engine.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to one command while it grows and is sent. Any thread adds to it; only the thread that polls the channel
 * sends it, in windows: a client that does not read gets no more than one.
 */
final class PendingReply implements ControlReply
{
    /** Chunks that are sent before the client has said that it has any. */
    static final int WINDOW = 16;
    static final int MAX_LENGTH = 16 << 20;
    private static final String ABANDONED = "ABANDONED";

    private final ReplyTable table;
    private final ReplyKey key;
    private final ControlCommand command;
    private final int firstNumber;
    private final long deadlineNs;
    private final List<byte[]> chunks = new ArrayList<>();
    private int length;
    private boolean ended;
    private String code;
    private String message = "";
    // Of the thread that polls.
    private int next;
    private int limit;
    private long activeNs;
    private boolean queued;
    private boolean audited;

    /**
     * @param table       it stands in.
     * @param key         of it.
     * @param command     that it answers; null if that is not known any more.
     * @param firstNumber of its first chunk.
     * @param nowNs       the engine's clock.
     * @param deadlineNs  when its client has surely stopped waiting.
     */
    PendingReply(
        final ReplyTable table,
        final ReplyKey key,
        final ControlCommand command,
        final int firstNumber,
        final long nowNs,
        final long deadlineNs)
    {
        this.table = table;
        this.key = key;
        this.command = command;
        this.firstNumber = firstNumber;
        this.deadlineNs = deadlineNs;
        next = firstNumber;
        limit = firstNumber + WINDOW;
        activeNs = nowNs;
    }

    @Override
    public boolean item(final ControlJson item)
    {
        return add(ReplyChunk.KIND_ITEM, item.toString());
    }

    @Override
    public boolean done(final ControlJson result)
    {
        return add(ReplyChunk.KIND_RESULT, result.toString());
    }

    @Override
    public synchronized boolean refuse(final String refusalCode, final String refusalMessage)
    {
        if (ended)
        {
            return false;
        }
        code = refusalCode;
        message = refusalMessage;
        append(ReplyChunk.KIND_REFUSAL, refusal(refusalCode, refusalMessage));
        return true;
    }

    ReplyKey key()
    {
        return key;
    }

    ControlCommand command()
    {
        return command;
    }

    synchronized boolean isEnded()
    {
        return ended;
    }

    /** @return code of the refusal, null if it is none. */
    synchronized String code()
    {
        return code;
    }

    /** @return message of the refusal. */
    synchronized String message()
    {
        return message;
    }

    /**
     * Nobody waits for it: let go of what it holds.
     *
     * @param reason if it has not ended.
     * @return bytes that it held.
     */
    synchronized int abandon(final String reason)
    {
        final int held = length;
        if (!ended)
        {
            code = ABANDONED;
            message = reason;
        }
        ended = true;
        length = 0;
        chunks.clear();
        return held;
    }

    /** @return the next chunk to send, or null if there is none now. */
    synchronized byte[] nextChunk()
    {
        return next < limit && next - firstNumber < chunks.size() ? chunks.get(next - firstNumber) : null;
    }

    synchronized boolean isSent()
    {
        return ended && next - firstNumber >= chunks.size();
    }

    void sent(final long nowNs)
    {
        next++;
        activeNs = nowNs;
    }

    /**
     * The client tells how far it has come.
     *
     * @param from    first chunk that it does not have.
     * @param isAgain true if it has missed that one.
     * @param nowNs   the engine's clock.
     */
    synchronized void window(final int from, final boolean isAgain, final long nowNs)
    {
        final int known = Math.max(firstNumber, Math.min(from, firstNumber + chunks.size()));
        if (isAgain)
        {
            next = known;
        }
        limit = Math.max(next, known + WINDOW);
        activeNs = nowNs;
    }

    /** @return true if it has not been sent, asked for or added to for so long. */
    boolean isIdleSince(final long ns)
    {
        return activeNs < ns;
    }

    boolean isOverdue(final long nowNs)
    {
        return nowNs > deadlineNs;
    }

    boolean isQueued()
    {
        return queued;
    }

    void queued(final boolean value)
    {
        queued = value;
    }

    /** @return true the first time. */
    boolean audit()
    {
        final boolean isFirst = !audited;
        audited = true;
        return isFirst;
    }

    private synchronized boolean add(final byte kind, final String json)
    {
        if (ended)
        {
            return false;
        }
        final byte[] text = json.getBytes(StandardCharsets.UTF_8);
        if (length + (long)text.length > MAX_LENGTH)
        {
            refuse(
                ControlRefusedException.TOO_LARGE,
                "the answer has more than " + (MAX_LENGTH >> 20) + " MiB: ask for less; the command itself may have " +
                "been carried out");
            return false;
        }
        if (!table.hold(text.length))
        {
            refuse(
                ControlRefusedException.BUSY,
                "the answers to others take all the room just now: ask again in a while; the command itself may have " +
                "been carried out");
            return false;
        }
        length += text.length;
        append(kind, text);
        return true;
    }

    private void append(final byte kind, final byte[] text)
    {
        int from = 0;
        do
        {
            final int to = Math.min(text.length, from + ReplyChunk.MAX_TEXT_LENGTH);
            chunks.add(ReplyChunk.of(key, firstNumber + chunks.size(), kind, to == text.length, text, from, to));
            from = to;
        }
        while (from < text.length);
        ended |= kind != ReplyChunk.KIND_ITEM;
        table.wake(this);
    }

    private static byte[] refusal(final String code, final String message)
    {
        return new ControlJson().add("code", code).add("message", message).toString()
            .getBytes(StandardCharsets.UTF_8);
    }
}
