package io.sluice.index;

/** The sections of a complete segment, in the order of the file. */
enum IndexSection
{
    TIMES, PLACES, LEVELS, TYPE_CODES, SOURCE_CODES, TYPE_TEXTS, SOURCE_TEXTS,
    ID, CORRELATION, CAUSATION, SESSION, WORKFLOW, AGGREGATE, VERSIONS;

    static final int COUNT = 14;

    private static final IndexSection[] SECTIONS = values();

    static IndexSection codesOf(final IndexText text)
    {
        return SECTIONS[TYPE_CODES.ordinal() + text.ordinal()];
    }

    static IndexSection textsOf(final IndexText text)
    {
        return SECTIONS[TYPE_TEXTS.ordinal() + text.ordinal()];
    }

    static IndexSection of(final IndexKey key)
    {
        return SECTIONS[ID.ordinal() + key.ordinal()];
    }
}
