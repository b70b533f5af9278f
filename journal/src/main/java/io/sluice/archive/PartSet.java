package io.sluice.archive;

/**
 * Where the bytes of a text column are counted.
 *
 * @param choice of references to values seen before.
 * @param text   of new text.
 * @param number of numbers inside new text.
 * @param random of hashes and ids inside new text.
 */
record PartSet(Part choice, Part text, Part number, Part random)
{
    static final PartSet PAYLOAD =
        new PartSet(Part.PAYLOAD_CHOICE, Part.PAYLOAD_TEXT, Part.PAYLOAD_NUMBER, Part.PAYLOAD_RANDOM);
    static final PartSet METADATA =
        new PartSet(Part.METADATA_CHOICE, Part.METADATA_TEXT, Part.METADATA_NUMBER, Part.METADATA_RANDOM);

    static PartSet all(final Part part)
    {
        return new PartSet(part, part, part, part);
    }
}
