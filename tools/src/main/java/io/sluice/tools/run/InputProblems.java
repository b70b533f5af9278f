package io.sluice.tools.run;

import io.sluice.handlers.source.MalformedInputListener;
import io.sluice.tools.CommandIo;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;

/**
 * Counts input that did not become an accepted event, and says where it is and what is wrong with it. Of a flood only
 * the beginning is printed. Thread-safe.
 */
final class InputProblems implements MalformedInputListener
{
    private static final int MAX_PRINTED = 1000;

    private final CommandIo io;
    private final boolean isJson;
    private long malformed;
    private long refused;
    private long failures;

    InputProblems(final CommandIo io, final boolean isJson)
    {
        this.io = io;
        this.isJson = isJson;
    }

    @Override
    public synchronized void onMalformed(final String source, final long line, final String reason)
    {
        malformed++;
        report(source, "line " + line, "malformed", reason);
    }

    synchronized void onRefused(final String source, final String position, final String reason)
    {
        refused++;
        report(source, position, "refused", reason);
    }

    synchronized void onFailure(final String source, final String reason)
    {
        failures++;
        report(source, "", "failed", reason);
    }

    synchronized long malformed()
    {
        return malformed;
    }

    /** @return events refused for good; malformed input not included. */
    synchronized long refused()
    {
        return refused;
    }

    synchronized long failures()
    {
        return failures;
    }

    private void report(final String source, final String position, final String kind, final String reason)
    {
        final long number = malformed + refused + failures;
        if (number > MAX_PRINTED)
        {
            return;
        }
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("problem", kind).add("source", source).add("position", position).add("reason", reason));
        }
        io.err().println("sluice: " + PlainText.printable(source) +
            (position.isEmpty() ? "" : " " + position) + ": " + PlainText.printable(reason));
        if (number == MAX_PRINTED)
        {
            io.err().println("sluice: further ones are counted, not printed");
        }
    }
}
