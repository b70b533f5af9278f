/**
 * What a measurement says and where it keeps it: figures, host facts, the directory of raw output. Used by every
 * command of the harness; knows nothing of the engine.
 */
package io.sluice.perf.report;
