package io.sluice.handlers.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A path as text. Paths are bytes; those that are not UTF-8 show a replacement character and carry their bytes as well.
 *
 * @param text of the path.
 * @param hex  its bytes, or null where the text says it all.
 */
record PathText(String text, String hex)
{
    static PathText of(final byte[] path)
    {
        try
        {
            return new PathText(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path)).toString(), null);
        }
        catch (final CharacterCodingException ex)
        {
            return new PathText(new String(path, StandardCharsets.UTF_8), HexFormat.of().formatHex(path));
        }
    }
}
