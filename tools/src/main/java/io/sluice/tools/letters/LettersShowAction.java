package io.sluice.tools.letters;

import io.sluice.archive.KeyProvider;
import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterAction;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.deadletter.LetterStatus;
import io.sluice.engine.deadletter.LetterStep;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import io.sluice.event.Timestamps;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.PlainText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Shows one dead letter. For programs these are lines of JSON: each step of its history, its event as it would be
 * handed to the handler, and last how it stands, with the commands that can be run next and what is in the way.
 */
public final class LettersShowAction
{
    private static final String LABEL = "  %-15s %s%n";

    private final Path directory;
    private final KeyProvider keys;
    private final List<String> dirOptions;
    private final long timeoutNs;
    private final long number;
    private final boolean isJson;

    /**
     * @param directory  of the engine.
     * @param keys       of archived files.
     * @param dirOptions what a command line must say to find the directory; empty if that is nothing.
     * @param timeoutNs  to wait at most for the engine, if one runs.
     * @param number     of the letter.
     * @param isJson     true for lines of JSON.
     */
    public LettersShowAction(
        final Path directory,
        final KeyProvider keys,
        final List<String> dirOptions,
        final long timeoutNs,
        final long number,
        final boolean isJson)
    {
        this.directory = directory;
        this.keys = keys;
        this.dirOptions = List.copyOf(dirOptions);
        this.timeoutNs = timeoutNs;
        this.number = number;
        this.isJson = isJson;
    }

    /**
     * Show it.
     *
     * @param io streams; {@code out} gets the letter.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if there is no letter of that number.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.event.EventException           if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        try (DeadLetters letters = DeadLetters.open(directory, keys))
        {
            final DeadLetter letter = letters.find(number);
            if (letter == null)
            {
                io.err().println("sluice: there is no dead letter " + number +
                    "; 'dead-letters list --state all' names those that there are");
                return ExitCode.FAILED_CHECK;
            }
            if (isJson)
            {
                letters.history(number, (step) -> io.out().println(LetterJson.step(step)));
                letters.event(number, (event) -> printJson(event, io.out()));
                final LetterSteps steps = steps(letter);
                io.out().println(LetterJson.letter(letter)
                    .add("next", steps.commands())
                    .add("inTheWay", steps.obstacles()));
            }
            else
            {
                printHead(letter, io);
                letters.event(number, (event) -> printEvent(event, io.out()));
                io.out().println("history");
                letters.history(number, (step) -> printStep(step, io.out()));
                letters.event(number, (event) -> PayloadText.print(event, io.out()));
                // Before the engine is asked, which may take its time.
                io.out().flush();
                printSteps(steps(letter), io.out());
            }
            return ExitCode.DONE;
        }
        finally
        {
            io.out().flush();
        }
    }

    private LetterSteps steps(final DeadLetter letter)
    {
        return LetterSteps.of(letter.status(), directory, dirOptions, timeoutNs);
    }

    private static void printSteps(final LetterSteps steps, final PrintStream out)
    {
        printLines("in the way", steps.obstacles(), out);
        printLines("next", steps.commands(), out);
    }

    private static void printLines(final String title, final List<String> lines, final PrintStream out)
    {
        if (!lines.isEmpty())
        {
            out.println(title);
            lines.forEach(line -> out.println("  " + PlainText.printable(line)));
        }
    }

    private static void printHead(final DeadLetter letter, final CommandIo io)
    {
        final LetterStatus status = letter.status();
        final String head = "dead letter " + status.letter() + ", " + status.state().name().toLowerCase(Locale.ROOT);
        final Colour colour = status.state() == LetterState.OPEN ? Colour.YELLOW : Colour.BOLD;
        io.out().println(io.isOutTerminal() && io.isColoured() ? colour.paint(head) : head);
        label(io.out(), "subscription", status.subscription());
        label(io.out(), "why", LetterText.why(letter));
        if (!letter.exception().isEmpty())
        {
            label(io.out(), "exception", letter.exception());
        }
        label(io.out(), "kind", status.kind().name().toLowerCase(Locale.ROOT));
        label(io.out(), "attempts", Integer.toString(status.attempts()));
        label(io.out(), "first failure", Timestamps.text(status.firstFailureNs()));
        label(io.out(), "last failure", Timestamps.text(status.lastFailureNs()));
    }

    private static void printEvent(final EventFlyweight event, final PrintStream out)
    {
        final boolean isRepaired = (event.flags() & EventDescriptor.FLAG_CORRECTION) != 0;
        out.println(isRepaired ? "event, as it was repaired" : "event");
        label(out, "type", event.type());
        label(out, "id", event.id());
        label(out, "sequence", Long.toString(event.sequence()));
        label(out, "recorded", Timestamps.text(event.journalTime()));
        if (event.hasEventTime())
        {
            label(out, "timestamp", Timestamps.text(event.eventTime()));
        }
        label(out, "priority", event.priority().name());
        field(out, "source", event, EventField.SOURCE);
        field(out, "subject", event, EventField.SUBJECT);
        field(out, "correlation", event, EventField.CORRELATION_ID);
        field(out, "causation", event, EventField.CAUSATION_ID);
        field(out, "session", event, EventField.SESSION_ID);
        field(out, "workflow", event, EventField.WORKFLOW_ID);
        if (event.fieldLength(EventField.AGGREGATE_TYPE) > 0)
        {
            label(out, "aggregate", event.text(EventField.AGGREGATE_TYPE) + "/" + event.text(EventField.AGGREGATE_ID) +
                (event.hasAggregateVersion() ? ", version " + event.aggregateVersion() : ""));
        }
        field(out, "version", event, EventField.SCHEMA_VERSION);
        field(out, "metadata", event, EventField.METADATA);
    }

    private static void printStep(final LetterStep step, final PrintStream out)
    {
        final String why = step.action() == LetterAction.FIXED ? "" : LetterText.why(step);
        out.println("  " + Timestamps.text(step.recordedNs()) + "  " + step.action().label() +
            (why.isEmpty() ? "" : ": " + PlainText.printable(why)));
    }

    private static void field(
        final PrintStream out, final String name, final EventFlyweight event, final EventField field)
    {
        final String text = event.text(field);
        if (!text.isEmpty())
        {
            label(out, name, text);
        }
    }

    private static void label(final PrintStream out, final String name, final String value)
    {
        out.printf(LABEL, name, PlainText.printable(value));
    }

    private static void printJson(final EventFlyweight event, final PrintStream out)
    {
        try
        {
            new EventJson().writeLine(event, out);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("a print stream does not throw", ex);
        }
    }
}
