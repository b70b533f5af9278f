package io.sluice.event.filter;

/**
 * A part of a compiled filter. Has places for the values of its operands, and is therefore not thread-safe; evaluating
 * allocates nothing unless it says otherwise.
 */
abstract class Node
{
    /**
     * @param input  the event.
     * @param result gets the value; what it views is valid until the next evaluation of this node.
     */
    abstract void evaluate(FilterInput input, Value result);

    /** @return what every value of it is, null if that depends on the event. */
    ValueKind kind()
    {
        return null;
    }
}
