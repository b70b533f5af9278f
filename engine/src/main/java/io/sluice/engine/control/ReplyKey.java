package io.sluice.engine.control;

/**
 * What tells a command, and the reply to it, from all others of a run.
 *
 * @param client      drawn at random by the client.
 * @param correlation counted by the client.
 */
record ReplyKey(long client, long correlation)
{
}
