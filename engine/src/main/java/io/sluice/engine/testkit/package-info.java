/**
 * For tests of code that uses an engine: an engine without threads, driven step by step under a clock that the test
 * moves. With the same seed and the same steps two runs write the same records and call the same handlers in the same
 * order.
 */
package io.sluice.engine.testkit;
