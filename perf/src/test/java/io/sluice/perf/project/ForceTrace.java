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
 * <p>For each event: between its two marks a force of the file that holds it began and ended well. For each file of the
 * journal: after it was made, and before the first acknowledgement of an event in it, it was forced as a whole (fsync),
 * and after that the directory.
 */
final class ForceTrace
{
    private static final Pattern COMPLETE =
        Pattern.compile("^(\\d+) +\\d+\\.\\d+ (\\w+)\\((.*)\\) += (-?\\d+)\\b.*$");
    private static final Pattern BEGIN = Pattern.compile("^(\\d+) +\\d+\\.\\d+ (\\w+)\\((.*) <unfinished \\.\\.\\.>$");
    private static final Pattern END =
        Pattern.compile("^(\\d+) +\\d+\\.\\d+ <\\.\\.\\. (\\w+) resumed>.*\\) += (-?\\d+)\\b.*$");
    private static final Pattern DESCRIPTOR = Pattern.compile("^\\d+<([^>]*)>");
    private static final Pattern MARK = Pattern.compile("^1<[^>]*>, \"([JS]) (\\d+)\\\\n\"");
    private static final Pattern CREATED = Pattern.compile("\"([^\"]+)\".*O_CREAT");

    private final Path journal;
    private final List<Force> forces = new ArrayList<>();
    private final Map<Integer, Integer> journaled = new TreeMap<>();
    private final Map<Integer, Integer> acknowledged = new TreeMap<>();
    private final Map<String, Integer> created = new LinkedHashMap<>();

    /**
     * @param lines   of {@code strace -f -ttt -y}, with write, openat, fsync and fdatasync.
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
     * @param files that hold the events.
     * @return one line each.
     */
    List<String> violations(final Map<Integer, Path> files)
    {
        final List<String> violations = new ArrayList<>();
        final Map<String, Integer> firstAcknowledged = new LinkedHashMap<>();
        for (final Map.Entry<Integer, Integer> entry : acknowledged.entrySet())
        {
            final int event = entry.getKey();
            final int ackLine = entry.getValue();
            final Path file = files.get(event);
            final Integer journaledLine = journaled.get(event);
            if (file == null || journaledLine == null)
            {
                violations.add("event " + event + ": acknowledged, and " +
                    (file == null ? "in no file" : "never marked as journaled"));
                continue;
            }
            if (!isForced(file.toString(), false, journaledLine, ackLine))
            {
                violations.add("event " + event + ": " + file.getFileName() +
                    " was not forced between line " + (journaledLine + 1) + " and line " + (ackLine + 1));
            }
            firstAcknowledged.merge(file.toString(), ackLine, Math::min);
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
        else if (!isForced(journal.toString(), true, wholeLine, ackLine))
        {
            violations.add(file + ": no fsync of the directory after its own, before the acknowledgement in line " +
                (ackLine + 1));
        }
    }

    private boolean isForced(final String path, final boolean isWhole, final int after, final int before)
    {
        return forces.stream().anyMatch(force -> force.path.equals(path) && (force.isWhole || !isWhole) &&
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
                    forces.add(new Force(descriptor.group(1), call.name.equals("fsync"), call.begin, end));
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

    private record Force(String path, boolean isWhole, int begin, int end)
    {
    }
}
