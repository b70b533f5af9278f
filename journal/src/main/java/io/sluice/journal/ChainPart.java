package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a {@link ChainScan} found in one file.
 *
 * @param file      that was read.
 * @param records   that continue what lies before.
 * @param position  where the file was read to.
 * @param restEnd   behind the last byte that is not zero, if the order broke; otherwise 0.
 * @param firstTime journal time of the first record.
 * @param isSealed  true if the file is closed by the mark of a roll.
 * @param breakText what broke the order, null if the file can be read to its end.
 * @param header    of the file, null if there is none.
 * @param indices   as they must be.
 */
record ChainPart(
    Path file,
    long records,
    long position,
    long restEnd,
    long firstTime,
    boolean isSealed,
    String breakText,
    CycleHeader header,
    CycleIndices indices)
{
    /** @return true if all that Chronicle keeps about the file is as it would be; what broke is cleared. */
    boolean isIndexSound() throws IOException
    {
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            scanner.position(position);
            scanner.next();
            return indices.findDifference(scanner, header) == null;
        }
    }
}
