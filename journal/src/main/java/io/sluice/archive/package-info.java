/**
 * Archive files: closed journal files in a tenth of the room or less, checked, and encrypted if the host has keys.
 *
 * <pre>
 *   records ─► ArchiveWriter ─► RecordSplitter ─► columns ─► TextColumnWriter  ─► SegmentWriter ─► FileCipher ─► file
 *                  │            JsonShape                    NumberColumnWriter   zstd             AES-256-GCM   │
 *               Directory                                                                                        │
 *   records ◄─ ArchiveReader ◄─ RecordJoiner  ◄─ columns ◄── TextColumnReader  ◄─ SegmentReader ◄─ FileCipher ◄──┘
 *
 *   a file:      header │ key places │ block │ block │ … │ directory │ trailer        see ArchiveFormat
 *   a block:     plan │ segments, one or some for each column                         see BlockEncoder, SegmentWriter
 *   a column:    of text: steps │ indices │ numbers │ new values                      see TextColumnWriter
 *                of numbers: differences, or sizes and bits                           see NumberForm
 *   a new value: pattern │ numbers │ UUIDs │ hashes │ times                           see Pattern
 * </pre>
 *
 * What follows from other fields is not stored: hashes, lengths, padding. What a neighbour predicts is stored as the
 * difference. What repeats is stored once a block. What is left, the random bits of ids and hashes, stays as it is:
 * {@link io.sluice.archive.ArchiveReader#fieldBytes} shows it. A record that does not come back byte for byte this way
 * is stored as it is.
 *
 * <p>Blocks do not depend on each other. Nothing here knows a journal; files are written and read, never moved or
 * deleted.
 */
package io.sluice.archive;
