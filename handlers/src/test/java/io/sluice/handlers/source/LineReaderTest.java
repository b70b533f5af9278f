package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest
{
    private static final int LIMIT = 8;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100_000})
    void shouldSplitLinesWhateverThePiecesAre(final int pieceLength) throws IOException
    {
        assertEquals(
            List.of("1 a", "2 ", "3 bc", "4 12345678", "5 !9", "6 \rx", "7 !11", "8 end"),
            read("\uFEFFa\r\n\nbc\n12345678\r\n123456789\n\rx\r\n123456789\r\r\nend", pieceLength));
    }

    @Test
    void shouldHaveNoLineWhenInputIsEmpty() throws IOException
    {
        assertEquals(List.of(), read("", 1));
    }

    @Test
    void shouldHaveNoLineAfterTheLastEnd() throws IOException
    {
        assertEquals(List.of("1 a"), read("a\n", 10));
    }

    @Test
    void shouldKeepByteOrderMarkInsideTheText() throws IOException
    {
        assertEquals(List.of("1 a", "2 \uFEFFb"), read("a\n\uFEFFb", 10));
    }

    @Test
    void shouldKeepNothingOfLineBeyondTheLimit() throws IOException
    {
        final LineReader lines = new LineReader(new Pieces("x".repeat(5_000_000) + "\nok", 65_536), LIMIT);

        assertTrue(lines.next());
        assertTrue(lines.isTooLong());
        assertFalse(lines.isBlank());
        assertEquals(5_000_000, lines.fullLength());
        assertTrue(lines.bytes().length <= 8192, "the line was kept");
        assertTrue(lines.next());
        assertEquals(2, lines.length());
    }

    @Test
    void shouldKnowBlankLines() throws IOException
    {
        final LineReader lines = new LineReader(new Pieces(" \t\n x", 10), LIMIT);

        assertTrue(lines.next());
        assertTrue(lines.isBlank());
        assertTrue(lines.next());
        assertFalse(lines.isBlank());
    }

    private static List<String> read(final String text, final int pieceLength) throws IOException
    {
        final LineReader lines = new LineReader(new Pieces(text, pieceLength), LIMIT);
        final List<String> seen = new ArrayList<>();
        while (lines.next())
        {
            seen.add(lines.number() + " " + (lines.isTooLong() ? "!" + lines.fullLength() :
                new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8)));
        }
        return seen;
    }

    /** Gives a text in pieces, as a pipe does. */
    private static final class Pieces implements ReadableByteChannel
    {
        private final byte[] bytes;
        private final int pieceLength;
        private int position;

        Pieces(final String text, final int pieceLength)
        {
            bytes = text.getBytes(StandardCharsets.UTF_8);
            this.pieceLength = pieceLength;
        }

        @Override
        public int read(final ByteBuffer target)
        {
            if (position == bytes.length)
            {
                return -1;
            }
            final int length = Math.min(Math.min(pieceLength, target.remaining()), bytes.length - position);
            target.put(bytes, position, length);
            position += length;
            return length;
        }

        @Override
        public boolean isOpen()
        {
            return true;
        }

        @Override
        public void close()
        {
            position = bytes.length;
        }
    }
}
