/**
 * Dead letters: events that could not be handled, what is done about them, and what has become of them. Whoever
 * delivers calls {@link io.sluice.engine.deadletter.DeadLetterProcessor}; whoever only looks, in any process, {@link
 * io.sluice.engine.deadletter.DeadLetters}.
 *
 * <pre>
 *   DeadLetterProcessor ─► DeadLetterJournal ─► DIR/dead-letters/journal ─► DeadLetters, tail, query, export
 *     │ policy, fixers       │ OpenLetters: in memory, bounded, found again at start
 *     ▼ alert                ▼
 *   LetterDecision         what survives a kill
 * </pre>
 *
 * <p><b>Format.</b> {@code DIR/dead-letters} is a data directory of its own, made with the first letter. A record of it
 * is an event record. One that is a <i>copy</i> (actions {@code dead-lettered} and {@code fixed}) has everything that
 * the event had, its payload and its metadata byte for byte, and in its metadata one more object:
 *
 * <pre>
 *   "deadLetter":{
 *     "action":"dead-lettered"   dead-lettered, retried, fixed, delivered, dropped; metadata, see below
 *     "letter":12                number of the letter: the sequence of its first record here
 *     "firstOpen":7              every letter that is open after this record has this number or a greater one; 0: none
 *     "subscription":"billing"   that failed
 *     "sequence":4711            of the event in the journal of events
 *     "run":"1234"               that journaled it, as a text
 *     "recorded":"2026-…Z"       when it was journaled
 *     "attempts":4               calls of the handler
 *     "cause":"THREW"            {@link io.sluice.engine.failure.FailureCause}
 *     "exception":"a.b.C"        its class; at most 255 characters; empty if there was none
 *     "message":"no account"     at most 512 characters
 *     "kind":"MANUAL"            {@link io.sluice.engine.failure.FailureKind}
 *     "firstFailure":"2026-…Z"
 *     "lastFailure":"2026-…Z"
 *     "metadataApart":true       only if so, see below
 *     "previous":…               only if the metadata of the event had a member deadLetter: its value
 *   }
 * </pre>
 *
 * A record that is a <i>note</i> (actions {@code retried}, {@code delivered}, {@code dropped}) has the event's fields
 * without its payload and its metadata, and of the object {@code action}, {@code letter}, {@code firstOpen}, {@code
 * subscription}, {@code sequence}, and the reason of a drop as {@code message}. Where the copy can't be read any more,
 * a note has the type {@code sluice.deadletter.lost} and the id {@code dead-letter-12} instead.
 *
 * <ul>
 * <li>A letter that failed again after a retry is dead-lettered once more under its number, with a copy.</li>
 * <li>A letter of a letter, for example where dead letters were published into an engine and failed there: the older
 * object is kept as {@code previous}, and stands where it was when the event is handed over.</li>
 * <li>An event is never too large. The journal of dead letters takes what it has to; it is opened anew for larger
 * records. Metadata that would get longer than a record may have them, or are no JSON object, are the payload of a
 * record of their own, action {@code metadata}, right behind the copy and in the same excerpt; the copy says {@code
 * metadataApart} and has {@code deadLetter} alone.</li>
 * <li>A repaired event is flagged as a correction ({@link io.sluice.event.EventDescriptor#FLAG_CORRECTION}) and has the
 * id of the original.</li>
 * </ul>
 *
 * <p>Nothing is removed from this journal by itself. {@code sluice archive now} works on it like on any other; a letter
 * whose copy was removed by retention can no longer be shown or retried, but dropped.
 */
package io.sluice.engine.deadletter;
