package io.sluice.handlers.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what {@link #ARGUMENTS} make git print, commit by commit. Every token ends with a 0 byte, which neither a
 * path nor a name nor a subject can hold:
 *
 * <pre>
 *   01 hash 00 parents 00 author 00 email 00 seconds 00 subject 00      one commit, then its files, if any:
 *   0A? ":" modes hashes " " status 00 path 00                          … of all files first,
 *   additions TAB deletions TAB path 00                                 … then the counts of all files
 * </pre>
 *
 * <p>Not thread-safe. Holds one commit at a time.
 */
final class GitLogReader
{
    /** After {@code git}: the whole history of HEAD, parents before children, otherwise by time. */
    static final List<String> ARGUMENTS = List.of(
        "log", "--date-order", "--reverse", "-z", "--raw", "--numstat", "--no-abbrev", "--no-renames", "--no-ext-diff",
        "-O/dev/null",
        "--no-textconv", "--no-color", "--no-notes", "--no-show-signature", "--no-decorate", "--ignore-submodules=none",
        "--submodule=short", "--encoding=UTF-8", "--format=tformat:%x01%H%x00%P%x00%an%x00%ae%x00%ct%x00%s",
        "HEAD", "--");

    private static final int START_OF_COMMIT = 1;
    private static final int END_OF_INPUT = -1;
    private static final int MAX_TOKEN_LENGTH = 16 * 1024 * 1024;
    private static final int BUFFER_LENGTH = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_LENGTH];
    private byte[] token = new byte[512];
    private int tokenLength;
    private int position;
    private int limit;

    GitLogReader(final InputStream in)
    {
        this.in = in;
    }

    /** @return the next commit, or null at the end. */
    GitCommit next() throws IOException
    {
        final int first = peek();
        if (first == END_OF_INPUT)
        {
            return null;
        }
        if (first != START_OF_COMMIT)
        {
            throw new IOException("unexpected byte " + first + " where a commit begins");
        }
        position++;
        final String hash = readText();
        final String parents = readText();
        final String author = readText();
        final String email = readText();
        final long seconds = parseSeconds(readText());
        final String subject = readText();
        final List<String> parentHashes = parents.isEmpty() ? List.of() : List.of(parents.split(" ", -1));
        return new GitCommit(hash, parentHashes, author, email, seconds, subject, readChanges());
    }

    private List<GitChange> readChanges() throws IOException
    {
        if (peek() == '\n')
        {
            position++;
        }
        final List<GitChange> changes = new ArrayList<>();
        while (peek() == ':')
        {
            readToken();
            final char status = (char)token[lastSpace() + 1];
            readToken();
            changes.add(new GitChange(status, Arrays.copyOf(token, tokenLength)));
        }
        // The counts come in the order of the files; a file without a line of its own keeps its zeros.
        int at = 0;
        while (peek() != START_OF_COMMIT && peek() != END_OF_INPUT)
        {
            readToken();
            final int firstTab = indexOf('\t', 0);
            final int secondTab = indexOf('\t', firstTab + 1);
            while (at < changes.size() && !isPath(changes.get(at).path(), secondTab + 1))
            {
                at++;
            }
            if (at == changes.size())
            {
                throw new IOException("counts of a file that did not change: " + textOf(secondTab + 1, tokenLength));
            }
            changes.get(at++).counts(parseCount(0, firstTab), parseCount(firstTab + 1, secondTab));
        }
        return changes;
    }

    private boolean isPath(final byte[] path, final int from)
    {
        return Arrays.equals(path, 0, path.length, token, from, tokenLength);
    }

    private long parseCount(final int from, final int to)
    {
        return to - from == 1 && token[from] == '-' ? GitChange.BINARY : Long.parseLong(textOf(from, to));
    }

    // A commit may claim any time; git prints what does not fit as 0 or as a huge number.
    private static long parseSeconds(final String text)
    {
        try
        {
            return Long.parseLong(text);
        }
        catch (final NumberFormatException ex)
        {
            return 0L;
        }
    }

    private int lastSpace()
    {
        int at = tokenLength - 1;
        while (at > 0 && token[at] != ' ')
        {
            at--;
        }
        return at;
    }

    private int indexOf(final char c, final int from) throws IOException
    {
        for (int i = from; i < tokenLength; i++)
        {
            if (token[i] == c)
            {
                return i;
            }
        }
        throw new IOException("unexpected line " + textOf(0, tokenLength));
    }

    private String readText() throws IOException
    {
        readToken();
        return textOf(0, tokenLength);
    }

    private String textOf(final int from, final int to)
    {
        return new String(token, from, to - from, StandardCharsets.UTF_8);
    }

    private void readToken() throws IOException
    {
        tokenLength = 0;
        while (peek() != 0)
        {
            if (limit == position)
            {
                throw new IOException("the output of git ends in the middle of a commit");
            }
            int end = position;
            while (end < limit && buffer[end] != 0)
            {
                end++;
            }
            append(end - position);
        }
        position++;
    }

    private void append(final int length) throws IOException
    {
        if (tokenLength + length > MAX_TOKEN_LENGTH)
        {
            throw new IOException("a path or a text of a commit is longer than " + MAX_TOKEN_LENGTH + " bytes");
        }
        if (tokenLength + length > token.length)
        {
            token = Arrays.copyOf(token, Math.max(tokenLength + length, token.length * 2));
        }
        System.arraycopy(buffer, position, token, tokenLength, length);
        tokenLength += length;
        position += length;
    }

    private int peek() throws IOException
    {
        if (position == limit)
        {
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
            if (limit == 0)
            {
                return END_OF_INPUT;
            }
        }
        return buffer[position] & 0xFF;
    }
}
