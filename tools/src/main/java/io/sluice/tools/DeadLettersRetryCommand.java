package io.sluice.tools;

import io.sluice.engine.control.ControlJson;
import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.tools.delivery.ChangeAction;
import io.sluice.tools.delivery.RetryManyAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link RetryManyAction}, and of the retry of a single letter. */
@CommandLine.Command(
    name = "retry",
    description = {
        "Hand the event of a dead letter to the handler that could not handle it, now; 'show' tells afterwards what " +
            "came of it.",
        "Without NUMBER: the letters that the options choose, one after the other, each when the one before was " +
            "delivered or has failed again. Ends when as many in a row failed as --stop-after says, or on Ctrl-C; " +
            "the letters that have not had their turn stay open. A letter whose breaker is open waits for that."},
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    footer = {
        "",
        "Exit codes: 0 handed over, or all delivered; 1 some failed again or are left;",
        "3 no engine runs there."})
final class DeadLettersRetryCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Parameters(
        arity = "0..1", paramLabel = "NUMBER", description = "Number of the letter, as 'list' prints it.")
    private Long number;

    @CommandLine.Mixin
    private LetterChoice choice;

    @CommandLine.Option(names = "--all", description = "All that are open.")
    private boolean isAll;

    @CommandLine.Option(
        names = "--order",
        paramLabel = "ORDER",
        defaultValue = "letter",
        description = "letter, or -letter for the last ones first (default: ${DEFAULT-VALUE}).")
    private String order;

    @CommandLine.Option(
        names = {"-n", "--limit"}, paramLabel = "N", description = "So many letters at most (default: all).")
    private Long limit;

    @CommandLine.Option(
        names = "--stop-after",
        paramLabel = "N",
        defaultValue = "" + DeadLetterSelection.DEFAULT_STOP_AFTER_FAILURES,
        description = "End when so many in a row have failed again, 1 for the first one; 0 to go on whatever fails " +
            "(default: ${DEFAULT-VALUE}).")
    private int stopAfter;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    DeadLettersRetryCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final boolean isChosen = choice.isAnyGiven() || isAll || limit != null;
        if (number == null && !isChosen)
        {
            throw new UsageException(
                "say which letters: a NUMBER, --where, --subscription, --cause, --kind, --limit, or --all");
        }
        if (number != null && isChosen)
        {
            throw new UsageException("give a NUMBER, or options that choose letters, not both");
        }
        return number == null ? retryMany() : retryOne();
    }

    private int retryMany()
    {
        if (limit != null && limit < 1)
        {
            throw new UsageException("--limit: " + limit + " is out of range, use 1 or more");
        }
        if (stopAfter < 0)
        {
            throw new UsageException("--stop-after: " + stopAfter + " is out of range, use 1 or more, or 0 for never");
        }
        final ControlJson selection = new ControlJson()
            .add("newestFirst", LetterChoice.isNewestFirst(order))
            .add("stopAfter", stopAfter);
        if (choice.where() != null)
        {
            selection.add("where", choice.where().text());
        }
        if (choice.subscription() != null)
        {
            selection.add("subscription", choice.subscription());
        }
        if (choice.cause() != null)
        {
            selection.add("cause", choice.cause().name());
        }
        if (choice.kind() != null)
        {
            selection.add("kind", choice.kind().name());
        }
        if (limit != null)
        {
            selection.add("limit", limit);
        }
        return new RetryManyAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(io, selection);
    }

    private int retryOne()
    {
        if (number < 1)
        {
            throw new UsageException("NUMBER: " + number + " is out of range, letters are numbered from 1");
        }
        return new ChangeAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(
            io,
            "dead-letters.retry",
            new ControlJson().add("letter", number),
            "dead letter " + number + " is handed to its handler");
    }
}
