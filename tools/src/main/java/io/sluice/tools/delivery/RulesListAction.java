package io.sluice.tools.delivery;

import io.sluice.engine.control.ControlAnswer;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.rule.RuleTable;
import io.sluice.journal.DataDirectory;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.util.List;

/** Lists the routing rules of an engine with what they have done, or those of a data directory in which none runs. */
public final class RulesListAction
{
    private final Path directory;
    private final long timeoutNs;
    private final boolean isJson;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait at most.
     * @param isJson    true for programs.
     */
    public RulesListAction(final Path directory, final long timeoutNs, final boolean isJson)
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
        final ControlAnswer answer;
        try (ControlClient client = ControlClient.open(directory))
        {
            answer = client.request("rules", new ControlJson(), timeoutNs);
        }
        catch (final ControlException ex)
        {
            if (!RuleChangeAction.NOT_RUNNING.contains(ex.failure()))
            {
                throw ex;
            }
            return listKept(io, RuleTable.read(new DataDirectory(directory).control().resolve("rules.json")));
        }
        return listLive(io, answer.items(), answer.result());
    }

    private int listLive(final CommandIo io, final List<ControlObject> all, final ControlObject result)
    {
        final Table table = new Table(
            "rule", "looked at", "matched", "changed", "diverted", "copied", "rerouted", "left out", "prioritized",
            "no target", "skipped", "failed", "does");
        for (final ControlObject one : all)
        {
            if (isJson)
            {
                io.out().println(one);
            }
            else
            {
                table.row(
                    name(one.text("name"), one.flag("enabled")),
                    count(one, "lookedAt"),
                    count(one, "matched"),
                    count(one, "transformed"),
                    count(one, "diverted"),
                    count(one, "copied"),
                    count(one, "rerouted"),
                    Quantity.count(one.number("discarded") + one.number("sampledOut")),
                    count(one, "prioritized"),
                    count(one, "absent"),
                    count(one, "skipped"),
                    count(one, "failed"),
                    PlainText.printable(one.json("rule")));
            }
        }
        finish(io, table, all.size(), result.toString());
        return ExitCode.DONE;
    }

    private int listKept(final CommandIo io, final RuleTable rules)
    {
        final Table table = new Table("rule", "does");
        for (final RoutingRule one : rules.rules())
        {
            if (isJson)
            {
                io.out().println(new ControlJson()
                    .add("name", one.name()).add("enabled", one.isEnabled()).addJson("rule", one.toJson()));
            }
            else
            {
                table.row(name(one.name(), one.isEnabled()), PlainText.printable(one.toJson()));
            }
        }
        if (!isJson)
        {
            io.out().println("no engine runs there: these are the rules that are kept");
        }
        final int count = rules.rules().size();
        finish(io, table, count, new ControlJson()
            .add("count", count).add("version", rules.newest().number()).toString());
        return ExitCode.DONE;
    }

    private void finish(final CommandIo io, final Table table, final int count, final String result)
    {
        if (isJson)
        {
            io.out().println(result);
        }
        else if (count == 0)
        {
            io.out().println("no rules");
        }
        else
        {
            table.lines(io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
        }
    }

    private static String name(final String name, final boolean isEnabled)
    {
        return isEnabled ? name : name + " (disabled)";
    }

    private static String count(final ControlObject one, final String name)
    {
        return Quantity.count(one.number(name));
    }
}
