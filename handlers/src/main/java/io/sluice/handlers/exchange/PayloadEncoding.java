package io.sluice.handlers.exchange;

/** How a payload stands in a table; lossless each. */
enum PayloadEncoding
{
    /** Well-formed JSON, byte for byte. */
    JSON,
    /** A text in UTF-8 without control characters but tab and line breaks. */
    TEXT,
    /** Anything else. */
    BASE64
}
