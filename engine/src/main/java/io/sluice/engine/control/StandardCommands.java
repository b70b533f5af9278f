package io.sluice.engine.control;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What every engine answers. */
final class StandardCommands
{
    static final String PING = "ping";
    static final String COMMANDS = "commands";

    private StandardCommands()
    {
    }

    static void addTo(
        final ControlCommands commands, final long runId, final LongSupplier uptimeNs, final Supplier<String> state)
    {
        commands
            .add(PING, "says that the engine answers: state, pid, run id, uptime", (command, reply) ->
            {
                command.arguments().allow();
                reply.done(new ControlJson()
                    .add("state", state.get())
                    .add("pid", ProcessHandle.current().pid())
                    .add("runId", runId)
                    .add("uptimeMs", TimeUnit.NANOSECONDS.toMillis(uptimeNs.getAsLong())));
            })
            .add(COMMANDS, "lists what the engine can be asked for: an item each", (command, reply) ->
            {
                command.arguments().allow();
                final Collection<ControlCommands.Entry> all = commands.all();
                for (final ControlCommands.Entry entry : all)
                {
                    reply.item(new ControlJson().add("name", entry.name()).add("help", entry.help()));
                }
                reply.done(new ControlJson().add("count", all.size()));
            });
    }
}
