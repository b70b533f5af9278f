package io.sluice.perf.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates what strace saw of a process that publishes with SYNCED and marks its events, see {@link TracedPublishers}.
 * The order of the lines is the order of what happened: a call begins where its line, or the first part of it, stands,
 * and has ended where its result stands.
 *
 * <p>For each event: between its two marks a force that covers its bytes began and ended well, of the file (fsync,
 * fdatasync) or of the part of it that is mapped at some addresses (msync with MS_SYNC). For each file of the journal:
 * after it was made or got its name, and before the first acknowledgement of an event in it, it was forced as a whole
 * (fsync), and after that the directory.
 */
final class ForceTrace
{
    private static final Pattern COMPLETE =
        Pattern.compile("^(\\d+) +\\d+\\.\\d+ (\\w+)\\((.*)\\) += (-?\\w+)\\b.*$");
    private static final Pattern BEGIN = Pattern.compile("^(\\d+) +\\d+\\.\\d+ (\\w+)\\((.*) <unfinished \\.\\.\\.>$");
    private static final Pattern END =
        Pattern.compile("^(\\d+) +\\d+\\.\\d+ <\\.\\.\\. (\\w+) resumed>.*\\) += (-?\\w+)\\b.*$");
    private static final Pattern DESCRIPTOR = Pattern.compile("^\\d+<([^>]*)>");
    private static final Pattern MARK = Pattern.compile("^1<[^>]*>, \"([JS]) (\\d+)\\\\n\"");
    private static final Pattern CREATED = Pattern.compile("\"([^\"]+)\".*O_CREAT");
    private static final Pattern RENAMED = Pattern.compile("\"[^\"]+\".*\"([^\"]+)\"");
    private static final Pattern MAPPED =
        Pattern.compile("^\\w+, (\\d+), .*MAP_SHARED.*, \\d+<([^>]*)>, (0x[0-9a-f]+|0)$");
    private static final Pattern ADDRESSES = Pattern.compile("^0x([0-9a-f]+), (\\d+)(?:, (.*))?$");

    private final Path journal;
    private final List<Force> forces = new ArrayList<>();
    private final TreeMap<Long, Mapping> mappings = new TreeMap<>();
    private final Map<Integer, Integer> journaled = new TreeMap<>();
    private final Map<Integer, Integer> acknowledged = new TreeMap<>();
    private final Map<String, Integer> created = new LinkedHashMap<>();

    /**
     * @param lines   of {@code strace -f -ttt -y}, with write, openat, rename, fsync, fdatasync, mmap, munmap, msync.
     * @param journal directory of the journal's files.
     */
    ForceTrace(final List<String> lines, final Path journal)
    {
        this.journal = journal;
        final Map<String, Call> unfinished = new HashMap<>();
        for (int line = 0; line < lines.size(); line++)
        {
            final String text = lines.get(line);
            final Matcher complete = COMPLETE.matcher(text);
            final Matcher begin = BEGIN.matcher(text);
            final Matcher end = END.matcher(text);
            if (complete.matches())
            {
                add(new Call(complete.group(2), complete.group(3), line), line, complete.group(4));
            }
            else if (begin.matches())
            {
                unfinished.put(begin.group(1), new Call(begin.group(2), begin.group(3), line));
            }
            else if (end.matches())
            {
                final Call call = unfinished.remove(end.group(1));
                if (call != null && call.name.equals(end.group(2)))
                {
                    add(call, line, end.group(3));
                }
            }
        }
    }

    /** @return events that are marked as acknowledged. */
    int acknowledgements()
    {
        return acknowledged.size();
    }

    /** @return forces of files of the journal that ended well. */
    int forcesOfFiles()
    {
        return (int)forces.stream().filter(force -> force.path.endsWith(".cq4")).count();
    }

    /**
     * What is not as it must be.
     *
     * @param places of the events.
     * @return one line each.
     */
    List<String> violations(final Map<Integer, Place> places)
    {
        final List<String> violations = new ArrayList<>();
        final Map<String, Integer> firstAcknowledged = new LinkedHashMap<>();
        for (final Map.Entry<Integer, Integer> entry : acknowledged.entrySet())
        {
            final int event = entry.getKey();
            final int ackLine = entry.getValue();
            final Place place = places.get(event);
            final Integer journaledLine = journaled.get(event);
            if (place == null || journaledLine == null)
            {
                violations.add("event " + event + ": acknowledged, and " +
                    (place == null ? "in no file" : "never marked as journaled"));
                continue;
            }
            if (!isForced(place, journaledLine, ackLine))
            {
                violations.add("event " + event + ": " + place.file().getFileName() +
                    " was not forced between line " + (journaledLine + 1) + " and line " + (ackLine + 1));
            }
            firstAcknowledged.merge(place.file().toString(), ackLine, Math::min);
        }
        firstAcknowledged.forEach((file, line) -> checkNewFile(file, line, violations));
        return violations;
    }

    private void checkNewFile(final String file, final int ackLine, final List<String> violations)
    {
        final Integer createdLine = created.get(file);
        if (createdLine == null)
        {
            violations.add(file + ": never made");
            return;
        }
        int wholeLine = Integer.MAX_VALUE;
        for (final Force force : forces)
        {
            if (force.isWhole && force.path.equals(file) && force.begin > createdLine && force.end < ackLine)
            {
                wholeLine = Math.min(wholeLine, force.end);
            }
        }
        if (wholeLine == Integer.MAX_VALUE)
        {
            violations.add(file + ": no fsync before the acknowledgement in line " + (ackLine + 1));
        }
        else if (!isForcedAsAWhole(journal, wholeLine, ackLine))
        {
            violations.add(file + ": no fsync of the directory after its own, before the acknowledgement in line " +
                (ackLine + 1));
        }
    }

    private boolean isForced(final Place place, final int after, final int before)
    {
        return forces.stream().anyMatch(force -> force.path.equals(place.file().toString()) &&
            force.from <= place.from() && force.to >= place.to() && force.begin > after && force.end < before);
    }

    private boolean isForcedAsAWhole(final Path path, final int after, final int before)
    {
        return forces.stream().anyMatch(force -> force.path.equals(path.toString()) && force.isWhole &&
            force.begin > after && force.end < before);
    }

    private void add(final Call call, final int end, final String result)
    {
        switch (call.name)
        {
            case "fsync":
            case "fdatasync":
                final Matcher descriptor = DESCRIPTOR.matcher(call.arguments);
                if (result.equals("0") && descriptor.find())
                {
                    forces.add(new Force(
                        descriptor.group(1), call.name.equals("fsync"), 0, Long.MAX_VALUE, call.begin, end));
                }
                break;
            case "mmap":
                final Matcher mapped = MAPPED.matcher(call.arguments);
                if (result.startsWith("0x") && mapped.find())
                {
                    mappings.put(
                        Long.decode(result),
                        new Mapping(mapped.group(2), Long.parseLong(mapped.group(1)), Long.decode(mapped.group(3))));
                }
                break;
            case "munmap":
                final Matcher unmapped = ADDRESSES.matcher(call.arguments);
                if (unmapped.find())
                {
                    mappings.remove(Long.parseLong(unmapped.group(1), 16));
                }
                break;
            case "msync":
                final Matcher addresses = ADDRESSES.matcher(call.arguments);
                if (result.equals("0") && addresses.find() && addresses.group(3).contains("MS_SYNC"))
                {
                    addPart(
                        Long.parseLong(addresses.group(1), 16), Long.parseLong(addresses.group(2)), call.begin, end);
                }
                break;
            case "rename":
                final Matcher renamed = RENAMED.matcher(call.arguments);
                if (result.equals("0") && renamed.find())
                {
                    created.putIfAbsent(renamed.group(1), call.begin);
                }
                break;
            case "openat":
                final Matcher creating = CREATED.matcher(call.arguments);
                if (!result.startsWith("-") && creating.find())
                {
                    // From the beginning: another call may see the file before this one's result is there.
                    created.putIfAbsent(creating.group(1), call.begin);
                }
                break;
            case "write":
                final Matcher mark = MARK.matcher(call.arguments);
                if (mark.find())
                {
                    (mark.group(1).equals("J") ? journaled : acknowledged)
                        .putIfAbsent(Integer.parseInt(mark.group(2)), call.begin);
                }
                break;
            default:
                break;
        }
    }

    private void addPart(final long address, final long length, final int begin, final int end)
    {
        final Map.Entry<Long, Mapping> entry = mappings.floorEntry(address);
        if (entry != null && address + length <= entry.getKey() + entry.getValue().length())
        {
            final long from = entry.getValue().offset() + address - entry.getKey();
            forces.add(new Force(entry.getValue().path(), false, from, from + length, begin, end));
        }
    }

    /**
     * Where the bytes of an event lie.
     *
     * @param file of the journal.
     * @param from first byte.
     * @param to   behind the last one.
     */
    record Place(Path file, long from, long to)
    {
    }

    private static final class Call
    {
        private final String name;
        private final String arguments;
        private final int begin;

        Call(final String name, final String arguments, final int begin)
        {
            this.name = name;
            this.arguments = arguments;
            this.begin = begin;
        }
    }

    private record Force(String path, boolean isWhole, long from, long to, int begin, int end)
    {
    }

    private record Mapping(String path, long length, long offset)
    {
    }
}
