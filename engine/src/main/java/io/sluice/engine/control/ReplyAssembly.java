package io.sluice.engine.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts the chunks of one reply together again. One thread; bounded by what an engine sends at most. */
final class ReplyAssembly
{
    private static final int MAX_LENGTH = PendingReply.MAX_LENGTH + (1 << 20);

    private final ReplyKey key;
    private final List<ControlObject> items = new ArrayList<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private int length;
    private int expected;
    private ControlObject result;
    private ControlObject refusal;
    private boolean isGap;

    ReplyAssembly(final ReplyKey key)
    {
        this.key = key;
    }

    /** @return number of the chunk that is expected next. */
    int expected()
    {
        return expected;
    }

    boolean isEnded()
    {
        return result != null || refusal != null;
    }

    /** @return true once after a chunk has come that is not the one that is expected. */
    boolean takeGap()
    {
        final boolean wasGap = isGap;
        isGap = false;
        return wasGap;
    }

    /**
     * Take a record of the reply buffer.
     *
     * @param message bytes of it.
     * @param count   of the bytes.
     * @return true if it was the chunk that was expected.
     * @throws ControlException if the reply is nonsense.
     */
    boolean add(final byte[] message, final int count)
    {
        final ReplyChunk chunk = ReplyChunk.read(message, count);
        if (chunk == null)
        {
            isGap = true;
            return false;
        }
        if (!chunk.isOf(key) || chunk.number() != expected)
        {
            // A lower number was asked for twice. With a higher one, some are missing.
            isGap |= chunk.isOf(key) && chunk.number() > expected;
            return false;
        }
        expected++;
        length += chunk.textLength();
        if (length > MAX_LENGTH)
        {
            throw nonsense("has more than " + (MAX_LENGTH >> 20) + " MiB", null);
        }
        text.write(chunk.array(), ReplyChunk.HEADER_LENGTH, chunk.textLength());
        if (chunk.isLast())
        {
            end(chunk.kind());
        }
        return true;
    }

    /**
     * @return the whole answer.
     * @throws ControlRefusedException if it is a refusal.
     * @throws ControlException        if that says that the answer is lost.
     */
    ControlAnswer answer()
    {
        if (result != null)
        {
            return new ControlAnswer(items, result);
        }
        final String code = refusal.text("code", "");
        final String message = refusal.text("message", "");
        if (code.equals(ControlRefusedException.FORGOTTEN))
        {
            throw new ControlException(
                ControlFailure.ANSWER_LOST,
                "the engine has received the command, but its answer was overwritten while this process did not " +
                "read: " + message);
        }
        throw new ControlRefusedException(code, message);
    }

    private void end(final byte kind)
    {
        final ControlObject object;
        try
        {
            object = ControlObject.parse(StandardCharsets.UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(text.toByteArray())).toString());
        }
        catch (final CharacterCodingException | IllegalArgumentException ex)
        {
            throw nonsense("can't be read: " + ex.getMessage(), ex);
        }
        text.reset();
        if (kind == ReplyChunk.KIND_ITEM)
        {
            items.add(object);
        }
        else if (kind == ReplyChunk.KIND_RESULT)
        {
            result = object;
        }
        else
        {
            refusal = object;
        }
    }

    private static ControlException nonsense(final String what, final Throwable cause)
    {
        return new ControlException(
            ControlFailure.NOT_A_CHANNEL,
            "the answer " + what + ": somebody else than the engine writes to its control channel; whether the " +
            "command was carried out is not known",
            cause);
    }
}
