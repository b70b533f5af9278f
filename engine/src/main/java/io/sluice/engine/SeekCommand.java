package io.sluice.engine;

import io.sluice.engine.control.ControlCommand;
import io.sluice.engine.control.ControlCommands;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.engine.control.ControlRefusedException;
import io.sluice.engine.control.ControlReply;
import io.sluice.journal.StartPosition;

/** Has other processes move durable subscriptions. */
final class SeekCommand
{
    private final EngineCore core;
    private final Delivery delivery;

    private SeekCommand(final EngineCore core, final Delivery delivery)
    {
        this.core = core;
        this.delivery = delivery;
    }

    static void add(final ControlCommands commands, final EngineCore core, final Delivery delivery)
    {
        final SeekCommand seek = new SeekCommand(core, delivery);
        commands
            .add(
                "subscriptions.seek",
                "have a durable subscription go on elsewhere; name, and to (start or end), sequence or timeNs",
                (command, reply) -> seek.run(command, reply, target(
                    command.arguments().allow("name", "to", "sequence", "timeNs"))))
            .add("subscriptions.reset", "have a durable subscription begin anew; name", (command, reply) ->
                seek.run(command, reply, StartPosition.start()));
    }

    private void run(final ControlCommand command, final ControlReply reply, final StartPosition to)
    {
        final String name = command.arguments().allow("name", "to", "sequence", "timeNs").text("name");
        if (!delivery.isDurable(name))
        {
            throw new ControlRefusedException(
                DeliveryCommands.NOT_FOUND, "no durable subscription '" + name + "': see 'sluice subscriptions list'");
        }
        // The place is looked up in the journal: not on the thread that polls.
        core.context().completionExecutor().execute(() ->
        {
            try
            {
                delivery.seek(name, to).whenComplete((sequence, failure) ->
                {
                    if (failure == null)
                    {
                        reply.done(new ControlJson().add("name", name).add("next", sequence));
                    }
                    else
                    {
                        reply.refuse(ControlRefusedException.FAILED, failure.getMessage());
                    }
                });
            }
            catch (final RuntimeException ex)
            {
                reply.refuse(ControlRefusedException.FAILED, ex.getMessage());
            }
        });
    }

    private static StartPosition target(final ControlObject arguments)
    {
        final boolean isNamed = arguments.has("to");
        final boolean isSequence = arguments.has("sequence");
        final boolean isTime = arguments.has("timeNs");
        if ((isNamed ? 1 : 0) + (isSequence ? 1 : 0) + (isTime ? 1 : 0) != 1)
        {
            throw new IllegalArgumentException("say where to: one of to, sequence and timeNs");
        }
        if (isSequence)
        {
            return StartPosition.sequence(arguments.number("sequence"));
        }
        if (isTime)
        {
            return StartPosition.timeNs(arguments.number("timeNs"));
        }
        return switch (arguments.text("to"))
        {
            case "start" -> StartPosition.start();
            case "end" -> StartPosition.end();
            default -> throw new IllegalArgumentException(
                "argument 'to' is '" + arguments.text("to") + "': use start or end");
        };
    }
}
