package io.sluice.replay;

/**
 * The place of a named replay.
 *
 * @param name     of the checkpoint.
 * @param sequence of the last event that the replay is done with, 0 if none.
 * @param damage   why that can't be told, empty if it can.
 */
public record ReplayCheckpoint(String name, long sequence, String damage)
{
}
