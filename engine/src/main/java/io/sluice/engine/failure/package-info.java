/**
 * What happens when a handler throws: retries, circuit breakers, and the durable list of what failed and is not done.
 * Users meet {@link io.sluice.engine.failure.RetryPolicy}, {@link io.sluice.engine.failure.BreakerPolicy} and {@link
 * io.sluice.engine.failure.FailureClassifier}; everything else is internal to the engine.
 *
 * <pre>
 *   threads that call handlers          delivery thread
 *   breaker.tryCall ─► handler
 *        │ throws
 *   RetryLog.append ──► positions/retries/ ──► RetryLog.poll ──► PendingRetries ──► due: handed out once more
 *        FAILED, HELD        mapped files           │                                 done: CLOSED is appended
 *                                              RetryLog.maintain: next file, compaction
 *   sluice-mark: RetryLog.force, once a second
 * </pre>
 */
package io.sluice.engine.failure;
