/**
 * What {@code sluice subscriptions}, {@code sluice rules} and the changing half of {@code sluice dead-letters} do: they
 * ask the engine that runs in another process, over its control channel, and read the files of the data directory where
 * none runs.
 */
package io.sluice.tools.delivery;
