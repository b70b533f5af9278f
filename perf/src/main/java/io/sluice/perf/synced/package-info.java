/**
 * {@code perf synced}: what it costs to have events on the device (F6).
 */
package io.sluice.perf.synced;
