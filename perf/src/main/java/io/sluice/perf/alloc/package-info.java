/**
 * {@code perf alloc}: bytes that the publisher and the engine's threads allocate per event (F8), by the JVM's own
 * counters.
 */
package io.sluice.perf.alloc;
