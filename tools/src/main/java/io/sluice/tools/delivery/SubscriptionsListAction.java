package io.sluice.tools.delivery;

import io.sluice.engine.OfflineDelivery;
import io.sluice.engine.SubscriptionState;
import io.sluice.engine.SubscriptionStats;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.util.List;

/** Lists the subscriptions of an engine, or the durable ones of a data directory in which none runs. */
public final class SubscriptionsListAction
{
    private final Path directory;
    private final long timeoutNs;
    private final boolean isJson;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait at most.
     * @param isJson    true for programs.
     */
    public SubscriptionsListAction(final Path directory, final long timeoutNs, final boolean isJson)
    {
        this.directory = directory;
        this.timeoutNs = timeoutNs;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws ControlException if an engine runs and does not answer.
     */
    public int run(final CommandIo io)
    {
        final List<ControlObject> live;
        try (ControlClient client = ControlClient.open(directory))
        {
            live = client.request("subscriptions", new ControlJson(), timeoutNs).items();
        }
        catch (final ControlException ex)
        {
            if (!ChangeAction.isNotRunning(ex))
            {
                throw ex;
            }
            return listKept(io, OfflineDelivery.list(directory));
        }
        return listLive(io, live);
    }

    private int listLive(final CommandIo io, final List<ControlObject> all)
    {
        final Table table = new Table(
            "name",
            "pattern",
            "mode",
            "state",
            "breaker",
            "delivered",
            "errors",
            "dead letters",
            "time-outs",
            "position",
            "behind");
        for (final ControlObject one : all)
        {
            if (isJson)
            {
                io.out().println(one);
            }
            else
            {
                table.row(
                    one.text("name") + (one.flag("durable") ? "" : " (not durable)"),
                    one.text("pattern") + where(one.text("where")),
                    one.text("mode"),
                    one.text("state"),
                    one.text("breaker"),
                    Quantity.count(one.number("delivered")),
                    Quantity.count(one.number("errors")),
                    Quantity.count(one.number("deadLetters")),
                    Quantity.count(one.number("timeouts")),
                    Long.toString(one.number("position")),
                    Quantity.count(one.number("lag")));
            }
        }
        finish(io, table, all.size());
        return ExitCode.DONE;
    }

    private int listKept(final CommandIo io, final List<SubscriptionStats> all)
    {
        final Table table = new Table("name", "pattern", "mode", "state", "position", "behind");
        for (final SubscriptionStats one : all)
        {
            final String state = one.state() == SubscriptionState.PAUSED ? "PAUSED" : "STOPPED";
            if (isJson)
            {
                io.out().println(new JsonLine()
                    .add("name", one.name())
                    .add("subscriber", one.subscriber())
                    .add("pattern", one.pattern())
                    .add("where", one.where())
                    .add("minimumPriority", one.minimumPriority())
                    .add("mode", one.mode())
                    .add("durable", true)
                    .add("state", state)
                    .add("position", one.position())
                    .add("lag", one.lag()));
            }
            else
            {
                table.row(
                    one.name(),
                    one.pattern() + where(one.where()),
                    one.mode(),
                    state,
                    Long.toString(one.position()),
                    Quantity.count(one.lag()));
            }
        }
        if (!isJson)
        {
            io.out().println("no engine runs there: these are the durable subscriptions that are kept");
        }
        finish(io, table, all.size());
        return ExitCode.DONE;
    }

    private void finish(final CommandIo io, final Table table, final int count)
    {
        if (isJson)
        {
            io.out().println(new JsonLine().add("count", count));
        }
        else if (count == 0)
        {
            io.out().println("no subscriptions");
        }
        else
        {
            table.lines(io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
        }
    }

    private static String where(final String text)
    {
        return text.isEmpty() ? "" : " where " + text;
    }
}
