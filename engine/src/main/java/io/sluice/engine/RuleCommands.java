package io.sluice.engine;

import io.sluice.engine.control.ControlCommand;
import io.sluice.engine.control.ControlCommands;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlRefusedException;
import io.sluice.engine.control.ControlReply;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.rule.RuleStats;
import io.sluice.engine.rule.RuleTable;
import io.sluice.engine.rule.RuleVersion;
import io.sluice.event.EventValidationException;
import java.util.List;
import java.util.concurrent.Executor;

/** What other processes may ask of the routing rules of an engine. */
final class RuleCommands
{
    private final RuleTable table;
    private final Executor executor;

    private RuleCommands(final RuleTable table, final Executor executor)
    {
        this.table = table;
        this.executor = executor;
    }

    /**
     * @param commands to add to.
     * @param table    of the engine.
     * @param executor runs what waits for the device.
     */
    static void add(final ControlCommands commands, final RuleTable table, final Executor executor)
    {
        final RuleCommands all = new RuleCommands(table, executor);
        commands
            .add("rules", "all routing rules, with what they have done", all::list)
            .add("rules.add", "add a routing rule; rule (JSON)", (command, reply) ->
                all.change(reply, ruleOf(command), table::add))
            .add("rules.replace", "put a routing rule in the place of the one of its name; rule (JSON)",
                (command, reply) -> all.change(reply, ruleOf(command), table::replace))
            .add("rules.remove", "remove a routing rule; name", (command, reply) ->
                all.change(reply, nameOf(command), table::remove))
            .add("rules.enable", "have a routing rule match again; name", (command, reply) ->
                all.change(reply, nameOf(command), name -> table.enable(name, true)))
            .add("rules.disable", "have a routing rule match nothing for the time being; name", (command, reply) ->
                all.change(reply, nameOf(command), name -> table.enable(name, false)));
    }

    private void list(final ControlCommand command, final ControlReply reply)
    {
        command.arguments().allow();
        final RuleVersion version = table.newest();
        final List<RuleStats> all = table.stats();
        for (final RuleStats one : all)
        {
            reply.item(new ControlJson()
                .add("name", one.rule().name())
                .add("enabled", one.rule().isEnabled())
                .addJson("rule", one.rule().toJson())
                .add("lookedAt", one.lookedAt())
                .add("matched", one.matched())
                .add("transformed", one.transformed())
                .add("rerouted", one.rerouted())
                .add("diverted", one.diverted())
                .add("copied", one.copied())
                .add("discarded", one.discarded())
                .add("sampledOut", one.sampledOut())
                .add("prioritized", one.prioritized())
                .add("skipped", one.skipped())
                .add("failed", one.failed())
                .add("absent", one.absent()));
        }
        reply.done(new ControlJson()
            .add("count", all.size()).add("version", version.number()).add("from", version.from()));
    }

    // Takes as long as the device and the sequencing thread: not on the thread that polls.
    private <T> void change(final ControlReply reply, final T of, final Change<T> change)
    {
        executor.execute(() ->
        {
            try
            {
                final RuleVersion version = change.apply(of);
                reply.done(new ControlJson().add("version", version.number()).add("from", version.from()));
            }
            catch (final EventValidationException ex)
            {
                reply.refuse(ControlRefusedException.BAD_ARGUMENTS, ex.getMessage());
            }
            catch (final RuntimeException ex)
            {
                reply.refuse(ControlRefusedException.FAILED, ex.getMessage());
            }
        });
    }

    private static RoutingRule ruleOf(final ControlCommand command)
    {
        return RoutingRule.ofJson(command.arguments().allow("rule").json("rule"));
    }

    private static String nameOf(final ControlCommand command)
    {
        return command.arguments().allow("name").text("name");
    }

    /** One change of the table. */
    @FunctionalInterface
    private interface Change<T>
    {
        RuleVersion apply(T of);
    }
}
