/**
 * The engine as the harness measures it: opened, fed on either publish path, counted, closed, and its journal read
 * again.
 */
package io.sluice.perf.subject;
