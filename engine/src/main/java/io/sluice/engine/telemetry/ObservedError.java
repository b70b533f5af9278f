package io.sluice.engine.telemetry;

/**
 * One distinct error of a run.
 *
 * @param count       how often it was reported.
 * @param firstMs     first time, milliseconds since 1970 UTC.
 * @param lastMs      last time, milliseconds since 1970 UTC.
 * @param stackTrace  with its message.
 */
public record ObservedError(int count, long firstMs, long lastMs, String stackTrace)
{
}
