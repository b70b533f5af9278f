package io.sluice.event;

import java.util.HashSet;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * Members of a JSON object that no field stands for. Nothing that a publisher wrote is dropped: they go on as metadata.
 * Not thread-safe.
 */
final class UnknownMembers
{
    private final Set<String> names = new HashSet<>();
    private final Metadata members = new Metadata();

    void clear()
    {
        names.clear();
        members.clear();
    }

    /** Keep a member whose value is canonical JSON. */
    void keep(final String name, final JsonBuffer value)
    {
        if (!names.add(name))
        {
            throw EventJsonReader.twice(name, name);
        }
        members.append(name, value);
    }

    /** Add the members to the metadata; one that stands there with another value is an error. */
    void join(final Metadata metadata)
    {
        if (metadata.isEmpty())
        {
            metadata.setCanonical(members);
            return;
        }
        members.forEach((buffer, name, value, end) ->
        {
            final int found = metadata.find(buffer, name, value - name);
            if (found < 0)
            {
                metadata.putMember(buffer, name, end - name);
            }
            else if (!isSame(metadata.buffer(), found, metadata.endOfMember(found) - found, buffer, name, end - name))
            {
                throw new EventValidationException(
                    buffer.getStringWithoutLengthUtf8(name + 1, value - name - 3),
                    buffer.getStringWithoutLengthUtf8(value, end - value),
                    "it stands at the top and in metadata with another value, rename one");
            }
        });
    }

    private static boolean isSame(
        final DirectBuffer left,
        final int leftIndex,
        final int leftLength,
        final DirectBuffer right,
        final int rightIndex,
        final int rightLength)
    {
        if (leftLength != rightLength)
        {
            return false;
        }
        for (int i = 0; i < leftLength; i++)
        {
            if (left.getByte(leftIndex + i) != right.getByte(rightIndex + i))
            {
                return false;
            }
        }
        return true;
    }
}
