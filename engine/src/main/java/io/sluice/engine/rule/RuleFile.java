package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.EventException;
import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The file {@code control/rules.json}: the versions, and each rule once with the versions that it is in.
 *
 * <pre>
 * {"format": 1,
 * "versions": [
 * {"version": 7, "from": 120, "change": "add errors"},
 * {"version": 8, "from": null, "change": "remove errors"}],          null: it does not hold yet
 * "rules": [
 * {"since": 7, "until": 8, "rule": {"name": "errors", …}}],
 * "checksum": "0123456789abcdef"}                                     XXH3-64 of all before this line
 * </pre>
 *
 * It is written anew as a whole and forced, so that after a crash there is the old one or the new one. That a version
 * holds which is null here is in a {@link RuleOnset} beside it, from that very moment until it is written here, too.
 * Who changes it by hand, while no engine runs, takes the line of the checksum out. Not thread-safe.
 */
final class RuleFile
{
    /** Of a table that is kept in memory only. */
    static final RuleFile NONE = new RuleFile(null);

    private static final long FORMAT = 1;
    private static final String CHECKSUM = ",\n\"checksum\": \"";
    private static final String END = "\"}\n";

    private record Line(long since, long until, RoutingRule rule)
    {
    }

    private record Head(long number, long from, String change)
    {
    }

    private final Path path;
    private final Path onsetPath;
    // Of this run; null until something is changed.
    private RuleOnset onset;

    RuleFile(final Path path)
    {
        this.path = path == null ? null : path.toAbsolutePath();
        onsetPath = path == null ? null : this.path.resolveSibling(RuleOnset.NAME);
    }

    /** @return versions of a table that never had a rule. */
    static RuleVersions empty()
    {
        return new RuleVersions(List.of(new RuleVersion(0, 1, "none", List.of())));
    }

    /**
     * Read the file. A version that was being made holds from where it held; if it did not hold yet, behind the end of
     * the journal, and so does one whose first event a power loss took.
     */
    RuleVersions open(final long lastSequence)
    {
        return read(lastSequence, true);
    }

    /** As {@link #open}, or for somebody who may only look. */
    RuleVersions read(final long lastSequence, final boolean isOwner)
    {
        final byte[] bytes;
        try
        {
            bytes = Files.readAllBytes(path);
        }
        catch (final NoSuchFileException ex)
        {
            return empty();
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("the rules in " + path + " can't be read: " + ex, ex);
        }
        final String text = new String(bytes, StandardCharsets.UTF_8);
        checkSum(text);
        try
        {
            final List<RuleVersion> versions = parse(text);
            if (settle(versions, lastSequence) && isOwner)
            {
                write(versions);
            }
            return new RuleVersions(versions);
        }
        catch (final JsonProcessingException ex)
        {
            throw damaged(RuleJson.malformed("it", ex).getMessage(), ex);
        }
        catch (final IOException ex)
        {
            throw damaged(ex.toString(), ex);
        }
        catch (final EventStorageException ex)
        {
            throw ex;
        }
        catch (final EventException ex)
        {
            throw damaged(ex.getMessage(), ex);
        }
    }

    /**
     * Write and force all, and one more, which is about to hold.
     *
     * @param versions that hold.
     * @param pending  one that does not hold yet.
     */
    void begin(final List<RuleVersion> versions, final RuleVersion pending)
    {
        if (path == null)
        {
            return;
        }
        final List<RuleVersion> all = new ArrayList<>(versions);
        all.add(pending);
        try
        {
            if (onset == null)
            {
                onset = RuleOnset.create(onsetPath);
            }
            store(all);
        }
        catch (final IOException ex)
        {
            throw notWritten(versions, ex);
        }
        try
        {
            // Only now: until then it may be all that there is of the version before.
            onset.expect(pending.number());
        }
        catch (final EventStorageException ex)
        {
            // The next change makes another one.
            close();
            throw ex;
        }
    }

    /** The version that was begun holds: for the thread that gives sequences. Neither blocks nor allocates. */
    void holdFrom(final long sequence)
    {
        if (onset != null)
        {
            onset.holdFrom(sequence);
        }
    }

    /**
     * Write and force all.
     *
     * @param versions that hold. If they can't be written, the newest one still holds after a restart, too.
     */
    void write(final List<RuleVersion> versions)
    {
        if (path == null)
        {
            return;
        }
        try
        {
            store(versions);
        }
        catch (final IOException ex)
        {
            throw notWritten(versions, ex);
        }
    }

    /** Release what a change needs; another change gets it anew. Idempotent. */
    void close()
    {
        if (onset != null)
        {
            onset.close();
            onset = null;
        }
    }

    /** @return whether one of them was given another sequence. */
    private boolean settle(final List<RuleVersion> versions, final long lastSequence) throws IOException
    {
        boolean isMoved = false;
        long least = 0;
        for (final RuleVersion version : versions)
        {
            final boolean isPending = version.from() == RuleVersion.NOT_YET;
            long from = isPending ? RuleOnset.read(onsetPath, version.number()) : version.from();
            if (from == RuleVersion.NOT_YET || from > lastSequence + 1)
            {
                from = lastSequence + 1;
            }
            if (from != version.from())
            {
                // Never before the one before it, whatever a damaged file says.
                version.holdFrom(Math.max(least, from));
                isMoved = true;
            }
            least = version.from();
        }
        return isMoved;
    }

    private void store(final List<RuleVersion> versions) throws IOException
    {
        final byte[] bytes = text(versions).getBytes(StandardCharsets.UTF_8);
        final Path half = path.resolveSibling(path.getFileName() + ".new");
        Files.createDirectories(path.getParent());
        try (FileChannel channel = FileChannel.open(
            half, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer content = ByteBuffer.wrap(bytes);
            while (content.hasRemaining())
            {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(half, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ))
        {
            directory.force(true);
        }
    }

    private EventStorageException notWritten(final List<RuleVersion> versions, final IOException cause)
    {
        final EventStorageException failure = new EventStorageException(
            "the rules can't be written to " + path + " (" + cause + "): version " + versions.get(
            versions.size() - 1).number() + " holds now; make room or make it writable, and change them again", cause);
        try
        {
            // It may be all that says from where the newest one holds, and for long.
            if (onset != null)
            {
                onset.force();
            }
        }
        catch (final IOException ex)
        {
            failure.addSuppressed(ex);
        }
        return failure;
    }

    private static String text(final List<RuleVersion> versions)
    {
        final StringBuilder text = new StringBuilder("{\"format\": ").append(FORMAT).append(",\n\"versions\": [");
        String separator = "\n";
        for (final RuleVersion version : versions)
        {
            text.append(separator).append("{\"version\": ").append(version.number()).append(", \"from\": ")
                .append(version.from() == RuleVersion.NOT_YET ? "null" : Long.toString(version.from()))
                .append(", \"change\": ").append(JsonQuote.of(version.change())).append('}');
            separator = ",\n";
        }
        text.append("],\n\"rules\": [");
        separator = "\n";
        for (final Line line : lines(versions))
        {
            text.append(separator).append("{\"since\": ").append(line.since());
            if (line.until() != Long.MAX_VALUE)
            {
                text.append(", \"until\": ").append(line.until());
            }
            text.append(", \"rule\": ").append(line.rule().toJson()).append('}');
            separator = ",\n";
        }
        text.append(']');
        return text + CHECKSUM + sum(text.toString()) + END;
    }

    private static List<Line> lines(final List<RuleVersion> versions)
    {
        final List<Line> lines = new ArrayList<>();
        Map<RoutingRule, Integer> open = new HashMap<>();
        for (final RuleVersion version : versions)
        {
            final Map<RoutingRule, Integer> still = new HashMap<>();
            for (final RoutingRule rule : version.rules())
            {
                final Integer place = open.remove(rule);
                still.put(rule, place == null ? lines.size() : place);
                if (place == null)
                {
                    lines.add(new Line(version.number(), Long.MAX_VALUE, rule));
                }
            }
            open.forEach((rule, place) ->
                lines.set(place, new Line(lines.get(place).since(), version.number(), rule)));
            open = still;
        }
        return lines;
    }

    private List<RuleVersion> parse(final String text) throws IOException
    {
        final List<Head> heads = new ArrayList<>();
        final List<Line> lines = new ArrayList<>();
        try (JsonParser parser = RuleJson.FACTORY.createParser(text))
        {
            parser.nextToken();
            expect(parser, JsonToken.START_OBJECT, "an object");
            while (parser.nextToken() != JsonToken.END_OBJECT)
            {
                final String key = parser.currentName();
                parser.nextToken();
                switch (key)
                {
                    case "format" -> checkFormat(number(parser));
                    case "versions" -> readHeads(parser, heads);
                    case "rules" -> readLines(parser, lines);
                    case "checksum" -> expect(parser, JsonToken.VALUE_STRING, "a text");
                    default -> throw unknown(key, "format, versions, rules and checksum");
                }
            }
        }
        if (heads.isEmpty())
        {
            throw new EventException("there is no version");
        }
        final List<RuleVersion> versions = new ArrayList<>();
        for (final Head head : heads)
        {
            final List<RoutingRule> rules = lines.stream()
                .filter((line) -> line.since() <= head.number() && head.number() < line.until())
                .map(Line::rule)
                .toList();
            versions.add(new RuleVersion(head.number(), head.from(), head.change(), RuleTable.inOrder(rules)));
        }
        return versions;
    }

    private static void readHeads(final JsonParser parser, final List<Head> heads) throws IOException
    {
        expect(parser, JsonToken.START_ARRAY, "an array of versions");
        while (parser.nextToken() != JsonToken.END_ARRAY)
        {
            expect(parser, JsonToken.START_OBJECT, "a version");
            long number = -1;
            long from = RuleVersion.NOT_YET;
            String change = "";
            while (parser.nextToken() != JsonToken.END_OBJECT)
            {
                final String key = parser.currentName();
                final JsonToken token = parser.nextToken();
                switch (key)
                {
                    case "version" -> number = number(parser);
                    case "from" -> from = token == JsonToken.VALUE_NULL ? RuleVersion.NOT_YET : number(parser);
                    case "change" -> change = parser.getText();
                    default -> throw unknown(key, "version, from and change");
                }
            }
            final Head before = heads.isEmpty() ? null : heads.get(heads.size() - 1);
            if (before != null && (number <= before.number() || before.from() == RuleVersion.NOT_YET ||
                from != RuleVersion.NOT_YET && from < before.from()))
            {
                throw new EventException("version " + number + " does not follow version " + before.number());
            }
            heads.add(new Head(number, from, change));
        }
    }

    private static void readLines(final JsonParser parser, final List<Line> lines) throws IOException
    {
        expect(parser, JsonToken.START_ARRAY, "an array of rules");
        while (parser.nextToken() != JsonToken.END_ARRAY)
        {
            expect(parser, JsonToken.START_OBJECT, "a rule with its versions");
            long since = -1;
            long until = Long.MAX_VALUE;
            RoutingRule rule = null;
            while (parser.nextToken() != JsonToken.END_OBJECT)
            {
                final String key = parser.currentName();
                parser.nextToken();
                switch (key)
                {
                    case "since" -> since = number(parser);
                    case "until" -> until = number(parser);
                    case "rule" -> rule = RuleJson.read(parser);
                    default -> throw unknown(key, "since, until and rule");
                }
            }
            if (rule == null)
            {
                throw new EventException("a rule is missing behind since " + since);
            }
            lines.add(new Line(since, until, rule));
        }
    }

    private void checkFormat(final long format)
    {
        if (format != FORMAT)
        {
            throw new EventStorageException(
                "the rules in " + path + " have format " + format + ", and this version knows " + FORMAT +
                ": use the version that wrote them; nothing was changed");
        }
    }

    private void checkSum(final String text)
    {
        final int mark = text.lastIndexOf(CHECKSUM);
        if (mark >= 0 && !text.equals(text.substring(0, mark) + CHECKSUM + sum(text.substring(0, mark)) + END))
        {
            throw damaged(
                "its checksum differs; if it was changed on purpose, take its last line with the checksum out and " +
                "close the object", null);
        }
    }

    private static String sum(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return String.format("%016x", EventHash.hash64(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    private static long number(final JsonParser parser) throws IOException
    {
        expect(parser, JsonToken.VALUE_NUMBER_INT, "a whole number");
        return parser.getLongValue();
    }

    private static void expect(final JsonParser parser, final JsonToken token, final String what) throws IOException
    {
        if (parser.currentToken() != token)
        {
            throw new EventException(
                "line " + parser.currentTokenLocation().getLineNr() + " has " + parser.getText() + ", and " + what +
                " is expected");
        }
    }

    private static EventException unknown(final String key, final String known)
    {
        return new EventException("key '" + key + "' is not known: there are " + known);
    }

    private EventStorageException damaged(final String what, final Exception cause)
    {
        return new EventStorageException(
            "the rules in " + path + " can't be used: " + what + ". Nothing was changed. Correct the file, or move " +
            "it away to start without rules", cause);
    }
}
