package io.sluice.event.filter;

/**
 * One step into JSON.
 *
 * @param name  of the member, null for an element of an array.
 * @param index of the element, from 0; -1 for a member.
 */
record PathStep(String name, int index)
{
    static PathStep member(final String name)
    {
        return new PathStep(name, -1);
    }

    static PathStep element(final int index)
    {
        return new PathStep(null, index);
    }
}
