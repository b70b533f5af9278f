package io.sluice.engine;

import io.sluice.engine.control.ControlCommand;
import io.sluice.engine.control.ControlCommands;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.engine.control.ControlRefusedException;
import io.sluice.engine.control.ControlReply;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What other processes may ask of the subscriptions, rules and dead letters of an engine. */
final class DeliveryCommands
{
    /** No subscription, or no open letter, of that name or number. */
    static final String NOT_FOUND = "NOT_FOUND";

    private final EngineCore core;
    private final Delivery delivery;

    private DeliveryCommands(final EngineCore core, final Delivery delivery)
    {
        this.core = core;
        this.delivery = delivery;
    }

    static void add(final ControlCommands commands, final EngineCore core, final Delivery delivery)
    {
        RuleCommands.add(commands, core.rules().table(), core.context().completionExecutor());
        final DeliveryCommands all = new DeliveryCommands(core, delivery);
        LetterRunCommands.add(commands, core, delivery);
        SeekCommand.add(commands, core, delivery);
        commands
            .add("subscriptions", "all subscriptions, with what they delivered and how far they are", all::list)
            .add("subscriptions.pause", "hand a subscription no more events; name", (command, reply) ->
                all.change(command, reply, Subscription::pause))
            .add("subscriptions.resume", "go on after the last event; name", (command, reply) ->
                all.change(command, reply, Subscription::resume))
            .add("subscriptions.promote", "serve one from the rings again that was too slow; name", (command, reply) ->
                all.change(command, reply, Subscription::promote))
            .add("subscriptions.remove", "forget a durable subscription that nobody handles; name", all::remove)
            .add("dead-letters.retry", "hand a dead letter to its handler now; letter", (command, reply) ->
                all.answer(reply, letterOf(command), delivery.retryDeadLetter(letterOf(command))))
            .add("dead-letters.drop", "give a dead letter up; letter, reason", (command, reply) ->
                all.answer(reply, letterOf(command), delivery.dropDeadLetter(
                    letterOf(command), command.arguments().text("reason", ""))))
            .add(
                "dead-letters.fix",
                "repair a dead letter, and hand its event to its handler; letter, and payload (text), " +
                    "payloadBase64 or event (JSON)",
                all::fix);
    }

    private void list(final ControlCommand command, final ControlReply reply)
    {
        command.arguments().allow();
        final List<SubscriptionStats> all = delivery.stats(core);
        for (final SubscriptionStats one : all)
        {
            reply.item(new ControlJson()
                .add("name", one.name())
                .add("subscriber", one.subscriber())
                .add("pattern", one.pattern())
                .add("where", one.where())
                .add("minimumPriority", one.minimumPriority())
                .add("mode", one.mode())
                .add("durable", one.isDurable())
                .add("state", one.state().name())
                .add("breaker", one.breaker().name())
                .add("delivered", one.delivered())
                .add("errors", one.errors())
                .add("deadLetters", one.deadLetters())
                .add("timeouts", one.timeouts())
                .add("undecodable", one.undecodable())
                .add("lastDeliveredNs", one.lastDeliveredNs())
                .add("position", one.position())
                .add("lag", one.lag()));
        }
        reply.done(new ControlJson().add("count", all.size()));
    }

    private void change(final ControlCommand command, final ControlReply reply, final Consumer<Subscription> change)
    {
        final String name = command.arguments().allow("name").text("name");
        int count = 0;
        for (final Subscription one : core.subscriptions().list())
        {
            if (one.name().equals(name))
            {
                change.accept(one);
                count++;
            }
        }
        if (count == 0)
        {
            throw new ControlRefusedException(
                NOT_FOUND,
                "no subscription '" + name + "' has a handler in this engine: see 'sluice subscriptions list'");
        }
        reply.done(new ControlJson().add("name", name).add("count", count));
    }

    private void remove(final ControlCommand command, final ControlReply reply)
    {
        final String name = command.arguments().allow("name").text("name");
        // Takes as long as the device: not on the thread that polls.
        core.context().completionExecutor().execute(() ->
        {
            try
            {
                if (delivery.remove(name))
                {
                    reply.done(new ControlJson().add("name", name));
                }
                else
                {
                    reply.refuse(
                        NOT_FOUND, "no durable subscription '" + name + "': see 'sluice subscriptions list'");
                }
            }
            catch (final RuntimeException ex)
            {
                reply.refuse(ControlRefusedException.FAILED, ex.getMessage());
            }
        });
    }

    private void fix(final ControlCommand command, final ControlReply reply)
    {
        final long letter = letterOf(command);
        final ControlObject arguments = command.arguments();
        if (Stream.of("payload", "payloadBase64", "event").filter(arguments::has).count() != 1)
        {
            throw new IllegalArgumentException("give either the repaired payload or the whole repaired event");
        }
        final byte[] payload = arguments.has("payloadBase64") ?
            Base64.getDecoder().decode(arguments.text("payloadBase64")) :
            arguments.text("payload", "").getBytes(StandardCharsets.UTF_8);
        answer(reply, letter, delivery.fixDeadLetter(letter, event ->
        {
            if (!arguments.has("event"))
            {
                return event.payload(payload);
            }
            final EventBuilder whole = new EventBuilder();
            new EventJson().read(arguments.json("event"), whole);
            return whole;
        }));
    }

    private void answer(final ControlReply reply, final long letter, final CompletionStage<Boolean> outcome)
    {
        outcome.whenComplete((isDone, failure) ->
        {
            if (failure != null)
            {
                reply.refuse(ControlRefusedException.FAILED, failure.getMessage());
            }
            else if (isDone)
            {
                reply.done(new ControlJson().add("letter", letter));
            }
            else
            {
                reply.refuse(
                    NOT_FOUND, "no open dead letter has number " + letter + ": see 'sluice dead-letters list'");
            }
        });
    }

    private static long letterOf(final ControlCommand command)
    {
        return command.arguments().allow("letter", "reason", "payload", "payloadBase64", "event").number("letter");
    }
}
