package io.sluice.tail;

import io.sluice.event.filter.EventFilter;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a journal in a process of its own, up to a last sequence, and prints each event that it gets as reader and
 * sequence.
 *
 * <p>Arguments: directory, last sequence, {@code tailer} or the name of a group, then filters; with a group, each is
 * of a member with a position file.
 */
final class ChildReader
{
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private ChildReader()
    {
    }

    public static void main(final String[] args)
    {
        final Path directory = Path.of(args[0]);
        final long last = Long.parseLong(args[1]);
        final List<String> filters = List.of(args).subList(3, args.length);
        if (args[2].equals("tailer"))
        {
            tail(directory, last, EventFilter.of(filters.get(0)));
        }
        else
        {
            readInAGroup(directory, last, args[2], filters);
        }
    }

    private static void tail(final Path directory, final long last, final EventFilter filter)
    {
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory).waitForJournal(true)))
        {
            print("ready");
            while (tailer.nextSequence() <= last)
            {
                final int count = tailer.poll((event) ->
                {
                    if (filter.matches(event))
                    {
                        print("m0 " + event.sequence());
                    }
                }, 100);
                if (count == 0)
                {
                    Thread.yield();
                }
            }
        }
    }

    private static void readInAGroup(
        final Path directory, final long last, final String group, final List<String> filters)
    {
        try (TailerGroup tailers = TailerGroup.launch(
            new TailerGroupContext().directory(directory).waitForJournal(true)))
        {
            final List<TailerMember> members = new ArrayList<>();
            for (int i = 0; i < filters.size(); i++)
            {
                final String name = "m" + i;
                members.add(tailers.join(TailerMemberSpec.of(name, (event) -> print(name + " " + event.sequence()))
                    .filter(EventFilter.of(filters.get(i)))
                    .from(StartPosition.start())
                    .positionFile(directory.resolve("positions").resolve(group + "-" + name))));
            }
            print("ready");
            while (members.stream().anyMatch((member) -> member.nextSequence() <= last))
            {
                Thread.yield();
            }
        }
    }

    // In one piece, so that a kill leaves no half of a line.
    private static void print(final String line)
    {
        try
        {
            OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
