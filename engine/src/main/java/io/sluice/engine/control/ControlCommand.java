package io.sluice.engine.control;

/**
 * A command that came over the channel. Immutable.
 *
 * @param name          of it.
 * @param arguments     to be read by its handler.
 * @param correlationId unique among the commands of its client.
 * @param clientPid     process of the client, as that says.
 * @param clientUid     user id of that process, as the kernel says; -1 if it is gone or out of sight.
 * @param user          of the client, as that says.
 */
public record ControlCommand(
    String name, ControlObject arguments, long correlationId, long clientPid, int clientUid, String user)
{
}
