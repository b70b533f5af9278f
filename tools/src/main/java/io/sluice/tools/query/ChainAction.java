package io.sluice.tools.query;

import io.sluice.event.Timestamps;
import io.sluice.query.ChainEvent;
import io.sluice.query.EventChain;
import io.sluice.query.JournalQuery;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.UsageException;
import io.sluice.tools.tail.OutputFormat;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Prints a chain of causes and effects. For people:
 *
 * <pre>
 *        1 2026-11-21T05:59:01.123Z order.created  o-1
 *        2 2026-11-21T05:59:01.130Z ├─ payment.requested  p-1
 *        4 2026-11-21T05:59:02.001Z │  └─ payment.failed  p-2  ◄
 *        3 2026-11-21T05:59:01.131Z └─ stock.reserved  s-1
 * </pre>
 *
 * The arrow marks the event that was asked for. As JSON, one object a line, in the same order, with {@code depth}.
 */
public final class ChainAction
{
    private record Line(ChainEvent event, String indent, boolean isRoot, boolean isLast, int depth)
    {
    }

    private final QuerySource source;
    private final String id;
    private final OutputFormat format;

    /**
     * @param source of the events.
     * @param id     of the event that is asked for.
     * @param format text or json.
     */
    public ChainAction(final QuerySource source, final String id, final OutputFormat format)
    {
        if (format == OutputFormat.CLOUDEVENTS)
        {
            throw new UsageException("--format cloudevents does not go with --chain, use text or json");
        }
        this.source = source;
        this.id = id;
        this.format = format;
    }

    /**
     * Print the chain.
     *
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode.FAILED_CHECK} if there is no such event.
     */
    public int run(final CommandIo io)
    {
        final EventChain chain;
        try (JournalQuery journal = source.open(io))
        {
            chain = journal.chain(id);
        }
        if (chain == null)
        {
            io.err().println("sluice: there is no event with id '" + PlainText.printable(id) + "'");
            return ExitCode.FAILED_CHECK;
        }
        // Chains may be longer than a stack is deep.
        final Deque<Line> lines = new ArrayDeque<>();
        push(lines, chain.roots(), "", 0);
        while (!lines.isEmpty())
        {
            final Line line = lines.pop();
            io.out().println(format == OutputFormat.JSON ? json(line) : text(line, chain.event()));
            final String below = line.isRoot() ? "" : line.indent() + (line.isLast() ? "   " : "│  ");
            push(lines, line.event().effects(), below, line.depth() + 1);
        }
        io.out().flush();
        return ExitCode.DONE;
    }

    private static void push(
        final Deque<Line> lines, final List<ChainEvent> events, final String indent, final int depth)
    {
        for (int i = events.size() - 1; i >= 0; i--)
        {
            lines.push(new Line(events.get(i), indent, depth == 0, i == events.size() - 1, depth));
        }
    }

    private static String text(final Line line, final ChainEvent wanted)
    {
        final ChainEvent event = line.event();
        final StringBuilder out = new StringBuilder(128);
        out.append(String.format("%9d ", event.sequence())).append(Timestamps.text(event.eventTimeNs())).append(' ');
        out.append(line.isRoot() ? "" : line.indent() + (line.isLast() ? "└─ " : "├─ "));
        PlainText.appendPrintable(out, event.type());
        out.append("  ");
        PlainText.appendPrintable(out, event.id());
        return out.append(event.sequence() == wanted.sequence() ? "  ◄" : "").toString();
    }

    private static String json(final Line line)
    {
        final ChainEvent event = line.event();
        return new JsonLine()
            .add("depth", line.depth())
            .add("sequence", event.sequence())
            .add("id", event.id())
            .add("type", event.type())
            .add("source", event.source())
            .add("timestamp", Timestamps.text(event.eventTimeNs()))
            .add("correlationId", event.correlationId())
            .add("causationId", event.causationId())
            .toString();
    }
}
