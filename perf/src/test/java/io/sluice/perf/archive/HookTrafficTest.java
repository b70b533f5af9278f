package io.sluice.perf.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookTrafficTest
{
    private static final int EVENTS = 2000;
    private static final int SEALING = 2;

    @TempDir
    private Path directory;

    @Test
    void shouldGiveTheSameJournalWhenTheSeedIsTheSame()
    {
        final List<String> first = fill("first", 7);
        assertEquals(first, fill("second", 7));
        assertNotEquals(first, fill("third", 8));
    }

    @Test
    void shouldLookLikeHooksWhenItIsRead()
    {
        final Set<String> ids = new HashSet<>();
        final Set<String> open = new HashSet<>();
        final Map<String, Integer> types = new HashMap<>();
        final long[] lastTime = {0};
        final ArchivedJournal journal = new ArchivedJournal(directory.resolve("data"), 1_000_000, 3);
        try (EventFeed feed = new HookTraffic(1, EVENTS))
        {
            assertEquals(EVENTS, journal.fill(feed));
        }
        read("data", (event) ->
        {
            assertTrue(event.hasUuid() && ids.add(event.id()), event.id());
            assertTrue(event.eventTime() >= lastTime[0] && event.journalTime() > event.eventTime());
            lastTime[0] = event.eventTime();
            assertJson(event.payload());
            types.merge(event.type(), 1, Integer::sum);
            if ("hook.tool.before".equals(event.type()))
            {
                assertTrue(open.add(event.text(EventField.CORRELATION_ID)));
            }
            else if ("hook.tool.after".equals(event.type()))
            {
                assertTrue(open.remove(event.text(EventField.CORRELATION_ID)));
            }
        });
        assertEquals(EVENTS, ids.size());
        assertTrue(types.get("hook.tool.before") > EVENTS / 3, types.toString());
        assertTrue(types.containsKey("hook.session.start") && types.containsKey("hook.session.stop"), types.toString());
    }

    @Test
    void shouldKeepEveryEventOfTheFeedWhenAJournalIsSealed()
    {
        final ArchivedJournal journal = new ArchivedJournal(directory.resolve("data"), 1_000_000, 3);
        try (EventFeed feed = new HookTraffic(1, EVENTS))
        {
            journal.fill(feed);
        }
        final JournalPass before = JournalPass.read(directory.resolve("data"), true);
        assertEquals(SEALING, journal.seal());
        final JournalPass after = JournalPass.read(directory.resolve("data"), true);

        assertEquals(EVENTS, before.events());
        assertEquals(EVENTS + SEALING, after.events());
        assertNotEquals(before.digest(), after.digest());
        assertEquals(before.requirementBytes(1, EVENTS), after.requirementBytes(1, EVENTS));
        assertEquals(
            after.requirementBytes(1, EVENTS), after.requirementBytes(1, 10) + after.requirementBytes(11, EVENTS));
        assertTrue(after.requirementBytes(1, EVENTS) < after.wholeBytes(1, EVENTS));
        assertTrue(after.journalBytes(1, EVENTS) > 100L * EVENTS);
    }

    @Test
    void shouldWriteOnlyWhatTheRequirementNamesWhenAnEventHasMore() throws IOException
    {
        final ArchivedJournal journal = new ArchivedJournal(directory.resolve("data"), 1_000_000, 3);
        try (EventFeed feed = new HookTraffic(1, 100))
        {
            journal.fill(feed);
        }
        final List<String> names = new ArrayList<>();
        final RequirementJson json = new RequirementJson();
        read("data", (event) ->
        {
            final byte[] bytes = json.bytes(event);
            assertEquals('\n', bytes[bytes.length - 1]);
            assertEquals(bytes.length, json.length(event));
            if ("hook.tool.after".equals(event.type()) && names.isEmpty())
            {
                names.addAll(members(bytes));
            }
        });
        assertEquals(
            List.of("id", "timestamp", "type", "source", "correlation_id", "payload", "metadata"), names);
    }

    private interface Reader
    {
        void read(EventFlyweight event);
    }

    private List<String> fill(final String name, final long seed)
    {
        final List<String> events = new ArrayList<>();
        try (EventFeed feed = new HookTraffic(seed, 300))
        {
            new ArchivedJournal(directory.resolve(name), 1_000_000, 3).fill(feed);
        }
        read(name, (event) -> events.add(
            event.sequence() + " " + event.id() + " " + event.type() + " " + event.journalTime() + " " +
                new String(event.payload(), StandardCharsets.UTF_8)));
        assertFalse(events.isEmpty());
        return events;
    }

    private void read(final String name, final Reader reader)
    {
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory.resolve(name))))
        {
            int count;
            do
            {
                count = tailer.poll(reader::read, 100);
            }
            while (count > 0);
        }
    }

    private static void assertJson(final byte[] json)
    {
        assertFalse(members(json).isEmpty());
    }

    private static List<String> members(final byte[] json)
    {
        final List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json))
        {
            int depth = 0;
            while (parser.nextToken() != null)
            {
                depth += parser.currentToken().isStructStart() ? 1 : parser.currentToken().isStructEnd() ? -1 : 0;
                if (depth == 1 && parser.currentToken() == JsonToken.FIELD_NAME)
                {
                    names.add(parser.currentName());
                }
            }
        }
        catch (final IOException e)
        {
            throw new AssertionError(new String(json, StandardCharsets.UTF_8), e);
        }
        return names;
    }
}
