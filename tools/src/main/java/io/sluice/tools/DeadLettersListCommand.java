package io.sluice.tools;

import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.tools.letters.LettersListAction;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link LettersListAction}. */
@CommandLine.Command(
    name = "list",
    description = "List dead letters with their present state, the last failure, and how often was tried; read-only.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class DeadLettersListCommand implements Callable<Integer>
{
    private static final long SHOWN = 100;

    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Mixin
    private LetterChoice choice;

    @CommandLine.Option(
        names = "--state",
        paramLabel = "STATE",
        split = ",",
        description = "Only letters in these states: open, retrying, delivered, dropped (default: open and retrying; " +
            "all for every one).")
    private String[] states = {"open", "retrying"};

    @CommandLine.Option(
        names = "--order",
        paramLabel = "ORDER",
        defaultValue = "letter",
        description = "letter, or -letter for the last ones first (default: ${DEFAULT-VALUE}).")
    private String order;

    @CommandLine.Option(
        names = {"-n", "--limit"},
        paramLabel = "N",
        description = "List so many letters at most (default: " + SHOWN + ", all with --json).")
    private Long limit;

    @CommandLine.Mixin
    private JsonOption json;

    DeadLettersListCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final DeadLetterQuery query = new DeadLetterQuery()
            .where(choice.where())
            .states(states())
            .subscription(choice.subscription())
            .cause(choice.cause())
            .kind(choice.kind())
            .newestFirst(LetterChoice.isNewestFirst(order));
        final long most = limit == null ? json.isWanted() ? Long.MAX_VALUE : SHOWN : checkedLimit();
        return new LettersListAction(
            directory.directory(), keyFile.keys(), query, most, json.isWanted()).run(io);
    }

    private long checkedLimit()
    {
        if (limit < 1)
        {
            throw new UsageException("--limit: " + limit + " is out of range, use 1 or more");
        }
        return limit;
    }

    private Set<LetterState> states()
    {
        final Set<LetterState> wanted = EnumSet.noneOf(LetterState.class);
        for (final String state : states)
        {
            switch (state.strip().toLowerCase(Locale.ROOT))
            {
                case "all" -> wanted.addAll(EnumSet.allOf(LetterState.class));
                case "open" -> wanted.add(LetterState.OPEN);
                case "retrying" -> wanted.add(LetterState.RETRYING);
                case "delivered" -> wanted.add(LetterState.DELIVERED);
                case "dropped" -> wanted.add(LetterState.DROPPED);
                default -> throw new UsageException(
                    "--state '" + state + "' is not known: use open, retrying, delivered, dropped or all");
            }
        }
        return wanted;
    }
}
