package io.sluice.archive;

/** Gives every place of a JSON text, and every kind of value in it, a column of its own. */
@FunctionalInterface
interface PlaceColumns
{
    /**
     * @param isPayload or metadata.
     * @param kind      of {@link JsonShape}.
     * @param place     of {@link JsonPath}.
     * @return index of the column, which is made if it is new.
     */
    int column(boolean isPayload, int kind, long place);
}
