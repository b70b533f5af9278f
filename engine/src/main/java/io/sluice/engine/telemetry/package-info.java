/**
 * Counters, histograms and errors of an engine, in files that another process reads without touching the engine.
 *
 * <pre>
 *   telemetry/counters.dat    mapped; gauges and counts, refreshed ten times a second     ─┐
 *   telemetry/errors.dat      mapped; each distinct error once, with count and times       ├─► TelemetryReader
 *   telemetry/types.tsv       replaced every second; counts and times per event type      ─┘
 *   telemetry/latency-*.hlog  an interval histogram per priority and stage and second, tagged priority.stage
 * </pre>
 */
package io.sluice.engine.telemetry;
