package io.sluice.tools.letters;

import io.sluice.archive.KeyProvider;
import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.deadletter.LetterStatus;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Timestamps;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.util.Locale;

/** Lists dead letters, a line for each. */
public final class LettersListAction
{
    private static final int SHOWN_NAME = 40;
    private static final int SHOWN_MESSAGE = 60;
    private static final int ROWS_AT_ONCE = 1_000;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Path directory;
    private final KeyProvider keys;
    private final DeadLetterQuery query;
    private final long limit;
    private final boolean isJson;
    private long listed;
    private boolean isMore;
    private Table table;
    private int rows;

    /**
     * @param directory of the engine.
     * @param keys      of archived files.
     * @param query     which letters; its limit is set here.
     * @param limit     of letters listed.
     * @param isJson    true for a JSON object a letter, and a summary.
     */
    public LettersListAction(
        final Path directory,
        final KeyProvider keys,
        final DeadLetterQuery query,
        final long limit,
        final boolean isJson)
    {
        this.directory = directory;
        this.keys = keys;
        this.query = query;
        this.limit = limit;
        this.isJson = isJson;
    }

    /**
     * List them.
     *
     * @param io streams; {@code out} gets the letters.
     * @return {@link ExitCode#DONE}; {@link ExitCode#FAILED_CHECK} if there are records that are none of dead letters.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.event.EventException           if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        final long strangers;
        try (DeadLetters letters = DeadLetters.open(directory, keys))
        {
            // One more than is listed tells whether there are more.
            query.limit(limit == Long.MAX_VALUE ? limit : limit + 1);
            letters.forEach(query, (letter, record) -> add(io, letter, record));
            strangers = letters.strangers();
        }
        finally
        {
            print(io);
            io.out().flush();
        }
        if (isJson)
        {
            io.out().println(new JsonLine().add("letters", listed).add("more", isMore).add("unreadable", strangers));
            io.out().flush();
        }
        else
        {
            io.err().println(Quantity.count(listed) + (listed == 1 ? " letter" : " letters") +
                (isMore ? "; there are more, --limit was reached" : ""));
        }
        if (strangers > 0)
        {
            io.err().println("sluice: " + Quantity.count(strangers) +
                " records are none of dead letters, or of a later version; 'tail' on the directory shows them");
        }
        return strangers > 0 ? ExitCode.FAILED_CHECK : ExitCode.DONE;
    }

    private void add(final CommandIo io, final DeadLetter letter, final EventFlyweight record)
    {
        if (listed == limit)
        {
            isMore = true;
            return;
        }
        listed++;
        if (isJson)
        {
            io.out().println(LetterJson.letter(letter)
                .add("type", record.type())
                .add("id", record.id())
                .add("priority", record.priority().name()));
            return;
        }
        if (table == null)
        {
            table = new Table("LETTER", "STATE", "KIND", "FAILED", "TRIED", "SUBSCRIPTION", "SEQUENCE", "TYPE", "WHY");
        }
        final LetterStatus status = letter.status();
        table.row(
            colour(status.state()),
            Long.toString(status.letter()),
            status.state().name().toLowerCase(Locale.ROOT),
            status.kind().name().toLowerCase(Locale.ROOT),
            Timestamps.text(Math.floorDiv(status.lastFailureNs(), NS_PER_SECOND) * NS_PER_SECOND),
            Integer.toString(status.attempts()),
            shown(status.subscription(), SHOWN_NAME),
            Long.toString(status.sequence()),
            shown(record.type(), SHOWN_NAME),
            shown(LetterText.why(letter), SHOWN_MESSAGE));
        // However many there are, only so many wait for the widths of their columns.
        if (++rows == ROWS_AT_ONCE)
        {
            print(io);
        }
    }

    private void print(final CommandIo io)
    {
        if (table != null)
        {
            table.lines(io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
            table = null;
            rows = 0;
        }
    }

    private static String shown(final String text, final int characters)
    {
        return PlainText.shorten(PlainText.printable(text), characters);
    }

    private static Colour colour(final LetterState state)
    {
        return switch (state)
        {
            case OPEN -> Colour.YELLOW;
            case RETRYING -> Colour.NONE;
            case DELIVERED, DROPPED -> Colour.FAINT;
        };
    }
}
