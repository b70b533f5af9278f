/**
 * How to measure: warm-up until steady, rounds and their spread, the hiccups of the machine, pacing. Knows nothing
 * of the engine.
 */
package io.sluice.perf.measure;
