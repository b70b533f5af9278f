package io.sluice.tools.letters;

import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.engine.control.ControlRefusedException;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.deadletter.LetterStatus;
import io.sluice.tools.delivery.ChangeAction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person can do about a dead letter as it stands, and what keeps its event from the handler. Nothing of either
 * for a letter that is closed.
 *
 * @param commands  that can be run next, as they are typed.
 * @param obstacles in words, with the remedy; empty if an engine runs and would call the handler.
 */
record LetterSteps(List<String> commands, List<String> obstacles)
{
    /**
     * Ask the engine, if one runs; waits for its answer.
     *
     * @param letter     as it stands.
     * @param directory  of the data.
     * @param dirOptions what the commands must say to find it, empty if that is nothing.
     * @param timeoutNs  to wait at most.
     * @return the steps.
     */
    static LetterSteps of(
        final LetterStatus letter, final Path directory, final List<String> dirOptions, final long timeoutNs)
    {
        final List<String> commands = new ArrayList<>();
        final List<String> obstacles = new ArrayList<>();
        if (!letter.state().isOpen())
        {
            return new LetterSteps(commands, obstacles);
        }
        final Commands sluice = new Commands(dirOptions);
        final String number = Long.toString(letter.letter());
        boolean isRunning = true;
        try (ControlClient client = ControlClient.open(directory))
        {
            final List<ControlObject> all = client.request("subscriptions", new ControlJson(), timeoutNs).items();
            addObstacles(letter, all, sluice, obstacles);
        }
        catch (final ControlException ex)
        {
            isRunning = !ChangeAction.isNotRunning(ex);
            obstacles.add(isRunning ? "the engine can't be asked: " + ex.getMessage() :
                "no engine runs there: the event waits for one that handles '" + letter.subscription() + "'");
        }
        catch (final ControlRefusedException ex)
        {
            obstacles.add("the engine does not tell how '" + letter.subscription() + "' stands: " + ex.getMessage());
        }
        if (letter.state() == LetterState.RETRYING)
        {
            // What comes of it is seen by looking again, unless the end of a process cut it short.
            commands.add(sluice.line("dead-letters", "show", number));
        }
        if (isRunning)
        {
            commands.add(sluice.line("dead-letters", "retry", number));
        }
        if (letter.state() != LetterState.RETRYING)
        {
            commands.add(sluice.line("dead-letters", "fix", number, "--edit"));
        }
        commands.add(sluice.line("dead-letters", "drop", number));
        return new LetterSteps(commands, obstacles);
    }

    private static void addObstacles(
        final LetterStatus letter,
        final List<ControlObject> subscriptions,
        final Commands sluice,
        final List<String> obstacles)
    {
        final String name = letter.subscription();
        for (final ControlObject one : subscriptions)
        {
            if (!one.text("name").equals(name))
            {
                continue;
            }
            final String state = one.text("state");
            switch (state)
            {
                case "PAUSED" -> obstacles.add(
                    "subscription '" + name + "' is paused: " + sluice.line("subscriptions", "resume", name));
                case "HUNG" -> obstacles.add(
                    "the handler of subscription '" + name + "' hangs: the event waits until it returns, or for the " +
                    "next start of the engine");
                case "ORPHANED", "ENDED" -> obstacles.add(noHandler(name));
                default ->
                {
                    // It is served.
                }
            }
            if ("OPEN".equals(one.text("breaker")))
            {
                obstacles.add(
                    "the breaker of subscription '" + name + "' is open after failures in a row: the event waits " +
                    "until it lets one through");
            }
            return;
        }
        obstacles.add(noHandler(name));
    }

    private static String noHandler(final String name)
    {
        return "subscription '" + name + "' has no handler in the engine that runs: the event waits until it has";
    }

    /** Command lines as a shell takes them. */
    private record Commands(List<String> dirOptions)
    {
        String line(final String... words)
        {
            final StringBuilder line = new StringBuilder("sluice");
            for (final String word : words)
            {
                line.append(' ').append(quoted(word));
            }
            for (final String word : dirOptions)
            {
                line.append(' ').append(quoted(word));
            }
            return line.toString();
        }

        private static String quoted(final String word)
        {
            return word.matches("[A-Za-z0-9_./:@%+,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
        }
    }
}
