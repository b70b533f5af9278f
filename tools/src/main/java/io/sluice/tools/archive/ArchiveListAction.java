package io.sluice.tools.archive;

import io.sluice.journal.ArchivedFile;
import io.sluice.journal.JournalArchive;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Lists the files of an archive by what their headers say. Changes nothing and needs no key. */
public final class ArchiveListAction
{
    private static final long NS_PER_MS = 1_000_000L;

    private final Path directory;
    private final boolean isJson;

    /**
     * @param directory data directory.
     * @param isJson    true for programs.
     */
    public ArchiveListAction(final Path directory, final boolean isJson)
    {
        this.directory = directory;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if a header is damaged.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     */
    public int run(final CommandIo io)
    {
        final List<ArchivedFile> files = JournalArchive.list(directory);
        if (isJson)
        {
            files.forEach(file -> io.out().println(json(file)));
            io.out().println(summary(files));
        }
        else
        {
            print(io, files);
        }
        return files.stream().allMatch(file -> file.damage().isEmpty()) ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private static JsonLine json(final ArchivedFile file)
    {
        if (!file.damage().isEmpty())
        {
            return new JsonLine()
                .add("file", file.file()).add("bytes", file.bytes()).add("damage", file.damage());
        }
        return new JsonLine()
            .add("file", file.file())
            .add("first", file.first())
            .add("last", file.last())
            .add("from", time(file.fromNs()))
            .add("to", time(file.toNs()))
            .add("events", file.events())
            .add("expired", file.expired())
            .add("bytes", file.bytes())
            .add("jsonBytes", file.jsonBytes())
            .addTenths("ratio", Math.round(10 * file.ratio()))
            .add("key", file.keyId().isEmpty() ? null : file.keyId());
    }

    private static JsonLine summary(final List<ArchivedFile> files)
    {
        return new JsonLine()
            .add("files", files.size())
            .add("events", files.stream().mapToLong(ArchivedFile::events).sum())
            .add("expired", files.stream().mapToLong(ArchivedFile::expired).sum())
            .add("bytes", bytes(files))
            .add("jsonBytes", jsonBytes(files))
            .addTenths("ratio", bytes(files) == 0 ? 0 : 10 * jsonBytes(files) / bytes(files))
            .add("damaged", files.stream().filter(file -> !file.damage().isEmpty()).count());
    }

    private void print(final CommandIo io, final List<ArchivedFile> files)
    {
        if (files.isEmpty())
        {
            io.out().println("The archive of " + directory.toAbsolutePath().normalize() + " is empty.");
            return;
        }
        final Table table = new Table(
            "file", "first", "last", "from", "to", "events", "expired", "bytes", "ratio", "key");
        for (final ArchivedFile file : files)
        {
            if (file.damage().isEmpty())
            {
                table.row(
                    file.file(),
                    Long.toString(file.first()),
                    Long.toString(file.last()),
                    time(file.fromNs()),
                    time(file.toNs()),
                    Quantity.count(file.events()),
                    Quantity.count(file.expired()),
                    Quantity.bytes(file.bytes()),
                    ratio(file.ratio()),
                    file.keyId().isEmpty() ? "-" : PlainText.printable(file.keyId()));
            }
            else
            {
                table.row(
                    Colour.RED,
                    file.file(), "-", "-", "-", "-", "-", "-", Quantity.bytes(file.bytes()), "-", "DAMAGED");
            }
        }
        table.lines(io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
        io.out().println(
            files.size() + " files, " + Quantity.count(files.stream().mapToLong(ArchivedFile::events).sum()) +
            " events, " + Quantity.bytes(bytes(files)) + " for " + Quantity.bytes(jsonBytes(files)) + " of JSON");
        files.stream().filter(file -> !file.damage().isEmpty()).forEach(
            file -> io.out().println("  - " + PlainText.printable(file.damage())));
    }

    static String ratio(final double ratio)
    {
        return String.format(Locale.ROOT, "%.1f:1", ratio);
    }

    private static String time(final long epochNs)
    {
        return Instant.ofEpochMilli(epochNs / NS_PER_MS).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static long bytes(final List<ArchivedFile> files)
    {
        return files.stream().mapToLong(ArchivedFile::bytes).sum();
    }

    private static long jsonBytes(final List<ArchivedFile> files)
    {
        return files.stream().mapToLong(ArchivedFile::jsonBytes).sum();
    }
}
