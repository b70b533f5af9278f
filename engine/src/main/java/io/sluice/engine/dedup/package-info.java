/**
 * Recognises events that repeat an earlier one, by id and by content, in fixed memory. Internal to the engine; runs on
 * the sequencing thread, in the step that assigns the sequence.
 */
package io.sluice.engine.dedup;
