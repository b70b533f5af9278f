/**
 * Asking a large journal: look-ups by key and conditions on a time range, beside SQLite with the same data and indexes;
 * how fast the index is made, how large it is, and how far it is behind a live writer.
 */
package io.sluice.perf.query;
