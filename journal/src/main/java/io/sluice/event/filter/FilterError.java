package io.sluice.event.filter;

/** What can go wrong with one event, after CloudEvents SQL (section 3.3). An event with an error does not match. */
enum FilterError
{
    MATH,
    CAST,
    MISSING_ATTRIBUTE,
    FUNCTION_EVALUATION,
    /** The payload is said to be JSON and is none. */
    MALFORMED_DOCUMENT
}
