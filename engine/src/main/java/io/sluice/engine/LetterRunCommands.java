package io.sluice.engine;

import io.sluice.engine.control.ControlCommand;
import io.sluice.engine.control.ControlCommands;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.engine.control.ControlRefusedException;
import io.sluice.engine.control.ControlReply;
import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.filter.EventFilter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Has other processes hand many dead letters to their handlers: one command begins, another tells how far that has
 * come, a third ends it. So nobody waits for an answer for as long as handlers may take.
 */
final class LetterRunCommands
{
    // Those that nobody may ask for any more; running ones are never forgotten.
    private static final int KEPT = 64;

    private final EngineCore core;
    private final Delivery delivery;
    private final Map<Long, DeadLetterRetry> runs = new LinkedHashMap<>();

    private LetterRunCommands(final EngineCore core, final Delivery delivery)
    {
        this.core = core;
        this.delivery = delivery;
    }

    static void add(final ControlCommands commands, final EngineCore core, final Delivery delivery)
    {
        final LetterRunCommands all = new LetterRunCommands(core, delivery);
        commands
            .add(
                "dead-letters.retry-many",
                "hand dead letters to their handlers, one after the other; subscription, where, cause, kind, " +
                    "newestFirst, limit, stopAfter",
                all::start)
            .add("dead-letters.retry-progress", "how far that has come; run", (command, reply) ->
                reply.done(progress(all.find(command))))
            .add("dead-letters.retry-stop", "end that, and leave the rest as it is; run", (command, reply) ->
            {
                final DeadLetterRetry run = all.find(command);
                run.stop();
                reply.done(progress(run));
            });
    }

    private void start(final ControlCommand command, final ControlReply reply)
    {
        final ControlObject arguments = command.arguments()
            .allow("subscription", "where", "cause", "kind", "newestFirst", "limit", "stopAfter");
        final DeadLetterSelection selection = new DeadLetterSelection()
            .subscription(arguments.text("subscription", null))
            .where(arguments.has("where") ? EventFilter.of(arguments.text("where")) : null)
            .cause(oneOf(FailureCause.class, "cause", arguments))
            .kind(oneOf(FailureKind.class, "kind", arguments))
            .newestFirst(arguments.flag("newestFirst"))
            .limit(arguments.number("limit", Long.MAX_VALUE))
            .stopAfterFailures((int)Math.max(-1, Math.min(
                Integer.MAX_VALUE, arguments.number("stopAfter", DeadLetterSelection.DEFAULT_STOP_AFTER_FAILURES))));
        // The letters are looked up in the files: not on the thread that polls.
        core.context().completionExecutor().execute(() ->
        {
            try
            {
                final DeadLetterRetry run = delivery.retryDeadLetters(selection);
                keep(run);
                reply.done(progress(run));
            }
            catch (final RuntimeException ex)
            {
                reply.refuse(ControlRefusedException.FAILED, ex.getMessage());
            }
        });
    }

    private void keep(final DeadLetterRetry run)
    {
        synchronized (runs)
        {
            runs.put(run.id(), run);
            final Iterator<DeadLetterRetry> oldest = runs.values().iterator();
            while (runs.size() > KEPT && oldest.hasNext())
            {
                if (oldest.next().isEnded())
                {
                    oldest.remove();
                }
            }
        }
    }

    private DeadLetterRetry find(final ControlCommand command)
    {
        final long id = command.arguments().allow("run").number("run");
        synchronized (runs)
        {
            final DeadLetterRetry run = runs.get(id);
            if (run == null)
            {
                throw new ControlRefusedException(
                    DeliveryCommands.NOT_FOUND,
                    "this engine knows nothing of run " + id + ": it is forgotten, or belonged to an earlier engine; " +
                    "'sluice dead-letters list' shows how the letters stand");
            }
            return run;
        }
    }

    private static ControlJson progress(final DeadLetterRetry run)
    {
        final DeadLetterRetryProgress progress = run.progress();
        return new ControlJson()
            .add("run", run.id())
            .add("state", progress.state().name())
            .add("selected", progress.selected())
            .add("retried", progress.retried())
            .add("delivered", progress.delivered())
            .add("failed", progress.failed())
            .add("gone", progress.gone())
            .add("unhandled", progress.unhandled())
            .add("left", progress.left())
            .add("lastFailed", progress.lastFailed())
            .add("lastFailure", progress.lastFailure());
    }

    private static <E extends Enum<E>> E oneOf(final Class<E> type, final String name, final ControlObject arguments)
    {
        if (!arguments.has(name))
        {
            return null;
        }
        final String text = arguments.text(name);
        for (final E value : type.getEnumConstants())
        {
            if (value.name().equalsIgnoreCase(text))
            {
                return value;
            }
        }
        throw new IllegalArgumentException(
            "argument '" + name + "' is '" + text + "': use one of " +
            Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }
}
