/**
 * The durable log of events, on Chronicle Queue. The only package that sees Chronicle's types.
 *
 * <pre>
 *                       ┌─► Preparer: blocks and pages ahead of the position, and the next file (SpareFile)
 *   engine ─► JournalAppender ─► ExcerptWriter ─► journal/*.cq4 ─► RecordCursor ─► JournalTailer (any process)
 *                       │                              │           read-only mappings
 *                       └─► RunLog: control/runs       └─► CycleScan ─► JournalRecovery, JournalVerifier,
 *                                                          plain reads     JournalRepair
 *
 *   closed files: Archiver ─► ArchiveMove ─► archive/*.sla ─► the same readers, in the order of the files
 *                        └──► Retention ─► control/expired, when nobody registered still has to read them
 *
 *   a file:     header, indices │ excerpt │ excerpt │ … │ excerpt │ mark of the roll, or nothing yet
 *   an excerpt: length (4) │ record, padded to 8 │ record, padded to 8 │ …     sequences without a break
 * </pre>
 *
 * One thread of one process appends; any number of tailers read. What a reader sees of an excerpt it sees whole.
 */
package io.sluice.journal;
