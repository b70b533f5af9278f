package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTableTest
{
    @TempDir
    Path directory;

    private final RuleFixture fixture = new RuleFixture();
    private Path file;
    private long next = 1;

    @BeforeEach
    void beforeEach()
    {
        file = directory.resolve("control/rules.json");
    }

    @Test
    void shouldKeepRulesInOrderWhenTheyComeAndGo()
    {
        final RuleTable table = open(0);
        assertEquals(List.of(), table.rules());
        assertFalse(Files.exists(file));
        table.add(copying("b", 5).build());
        table.add(copying("c", 1).build());
        table.add(copying("a", 5).build());
        assertEquals(List.of("c", "a", "b"), names(table.rules()));
        table.replace(copying("c", 9).build());
        assertEquals(List.of("a", "b", "c"), names(table.rules()));
        final RuleVersion before = table.newest();
        assertSame(before, table.enable("a", true));
        assertFalse(table.enable("a", false).rules().get(0).isEnabled());
        assertTrue(table.enable("a", true).rules().get(0).isEnabled());
        assertEquals("remove b", table.remove("b").change());
        assertEquals(List.of("a", "c"), names(table.rules()));
        assertEquals(7, table.newest().number());
        table.replaceAll(List.of(copying("z", 0).build(), copying("y", 0).build()));
        assertEquals(List.of("y", "z"), names(table.rules()));
        final RuleVersion newest = table.newest();
        assertSame(newest, table.replaceAll(List.of(copying("y", 0).build(), copying("z", 0).build())));
    }

    @Test
    void shouldNameTheRuleWhenAChangeIsNotValid()
    {
        final RuleTable table = open(0);
        assertRefused("there are no rules", () -> table.remove("b"));
        table.add(copying("a", 0).build());
        assertRefused("rule 'a' is not valid: there is one", () -> table.add(copying("a", 1).build()));
        assertRefused("rule 'b' is not valid: there is none", () -> table.replace(copying("b", 1).build()));
        assertRefused("the first is a", () -> table.remove("b"));
        assertRefused("rule 'b'", () -> table.enable("b", false));
        assertRefused("stands twice", () ->
            table.replaceAll(List.of(copying("c", 1).build(), copying("c", 2).build())));
        final List<RoutingRule> many = new ArrayList<>();
        for (int i = 0; i <= RuleTable.MAX_RULES; i++)
        {
            many.add(copying("r" + i, 0).build());
        }
        assertRefused("at most 10000", () -> table.replaceAll(many));
        assertEquals(1, table.newest().number());
    }

    @Test
    void shouldApplyTheRulesThatHeldWhenAnEventIsOlder()
    {
        final RuleTable table = open(0);
        next = 100;
        table.add(copying("a", 0).build());
        next = 200;
        table.enable("a", false);
        next = 300;
        table.replace(copying("a", 0).copyTo("more").build());
        assertEquals(List.of(), copies(table, 99));
        assertEquals(List.of("to-a"), copies(table, 100));
        assertEquals(List.of("to-a"), copies(table, 199));
        assertEquals(List.of(), copies(table, 200));
        assertEquals(List.of("to-a", "more"), copies(table, 300));
        assertEquals(List.of("to-a", "more"), copies(table, Long.MAX_VALUE));
        assertEquals(100, table.at(150).from());
        assertEquals(0, table.at(-5).number());

        final RuleTable reopened = open(400);
        for (final long sequence : new long[] {1, 99, 100, 199, 200, 299, 300, 301})
        {
            assertEquals(copies(table, sequence), copies(reopened, sequence), "sequence " + sequence);
            assertEquals(table.at(sequence).number(), reopened.at(sequence).number());
            assertEquals(table.at(sequence).change(), reopened.at(sequence).change());
        }
    }

    @Test
    void shouldGiveTheSameAnswerWhenTwoFeedsLookInAnyOrder()
    {
        final RuleTable table = open(0);
        final Random random = new Random(5);
        final List<EventFlyweight> events = new ArrayList<>();
        final List<List<String>> answers = new ArrayList<>();
        final RuleRun live = run(table);
        for (int i = 1; i <= 2_000; i++)
        {
            next = i;
            if (random.nextInt(50) == 0)
            {
                change(table, random);
            }
            fixture.builder.clear().type(random.nextBoolean() ? "a.b" : "c").payloadJson("{\"x\":" + i + "}");
            events.add(fixture.encode(i));
            live.apply(events.get(i - 1));
            answers.add(RuleFixture.copies(live));
        }
        final RuleRun journal = run(table);
        for (int i = 0; i < 20_000; i++)
        {
            final int index = random.nextInt(events.size());
            journal.apply(events.get(index));
            assertEquals(answers.get(index), RuleFixture.copies(journal), "event " + (index + 1));
        }
        final RuleRun afterRestart = run(open(2_000));
        for (int i = 0; i < events.size(); i++)
        {
            afterRestart.apply(events.get(i));
            assertEquals(answers.get(i), RuleFixture.copies(afterRestart), "event " + (i + 1));
        }
        assertTrue(table.history().size() > 20);
        assertTrue(answers.stream().distinct().count() > 20);
    }

    @Test
    void shouldForgetOldVersionsWhenNobodyNeedsThem()
    {
        final RuleTable table = open(0);
        for (int i = 1; i <= 5; i++)
        {
            next = 100L * i;
            table.add(copying("r" + i, 0).build());
        }
        next = 600;
        table.remove("r1");
        assertEquals(0, table.dropBefore(50));
        assertEquals(3, table.dropBefore(399));
        assertEquals(300, table.history().get(0).from());
        assertEquals(List.of("to-r1", "to-r2", "to-r3"), copies(table, 399));
        assertEquals(List.of("to-r1", "to-r2", "to-r3"), copies(table, 1));
        final RuleTable reopened = open(700);
        assertEquals(4, reopened.history().size());
        assertEquals(List.of("to-r1", "to-r2", "to-r3", "to-r4"), copies(reopened, 450));
        assertEquals(3, reopened.dropBefore(Long.MAX_VALUE));
        assertEquals(List.of("r2", "r3", "r4", "r5"), names(open(700).rules()));
    }

    @Test
    void shouldHoldForNoEventTwiceWhenChangesComeBetweenTwoEvents()
    {
        final RuleTable table = open(0);
        next = 10;
        table.add(copying("a", 0).build());
        table.add(copying("b", 0).build());
        table.remove("a");
        // The one before the newest is forgotten with the next change.
        assertEquals(List.of(0L, 2L, 3L), table.history().stream().map(RuleVersion::number).toList());
        assertEquals(3, table.at(10).number());
        assertEquals(List.of("to-b"), copies(table, 10));
        assertEquals(List.of("to-b"), copies(open(10), 10));
    }

    @Test
    void shouldHoldAtOnceWhenAPowerLossTookItsFirstEvent()
    {
        final RuleTable table = open(0);
        next = 50;
        table.add(copying("a", 0).build());
        next = 90;
        table.add(copying("b", 0).build());
        final RuleTable reopened = open(60);
        assertEquals(61, reopened.newest().from());
        assertEquals(List.of("to-a"), copies(reopened, 60));
        assertEquals(List.of("to-a", "to-b"), copies(open(60), 61));
    }

    @Test
    void shouldNotHoldWhenTheBoundaryDoesNotLetIt()
    {
        final AtomicReference<LongConsumer> kept = new AtomicReference<>();
        final AtomicReference<RuleBoundary> boundary = new AtomicReference<>(kept::set);
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            kept.set(takeEffect);
            boundary.get().begin(takeEffect);
        });
        assertThrows(IllegalStateException.class, () -> table.add(copying("a", 0).build()));
        assertEquals(List.of(), table.rules());
        assertEquals(List.of(), open(0).rules());
        boundary.set((takeEffect) ->
        {
            throw new IllegalArgumentException("closed");
        });
        assertThrows(IllegalArgumentException.class, () -> table.add(copying("a", 0).build()));
        assertEquals(List.of(), open(0).rules());
        boundary.set((takeEffect) ->
        {
            takeEffect.accept(7);
            throw new IllegalArgumentException("late");
        });
        assertThrows(IllegalArgumentException.class, () -> table.add(copying("a", 0).build()));
        assertEquals(List.of("a"), names(open(100).rules()));
        assertThrows(IllegalStateException.class, () -> kept.get().accept(8));
        boundary.set((takeEffect) -> takeEffect.accept(6));
        final RoutingRule rule = copying("b", 0).build();
        final Exception error = assertThrows(IllegalArgumentException.class, () -> table.add(rule));
        assertTrue(error.getMessage().contains("sequence=6 lies before 7"), error.getMessage());
    }

    @Test
    void shouldSayWhatHoldsWhenTheFileCanNotBeWritten() throws IOException
    {
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            takeEffect.accept(next);
            if (next == 20)
            {
                block();
            }
        });
        table.add(copying("a", 0).build());
        next = 20;
        final RoutingRule b = copying("b", 0).build();
        final Exception late = assertThrows(EventStorageException.class, () -> table.add(b));
        assertTrue(late.getMessage().contains("version 2 holds now"), late.getMessage());
        assertEquals(List.of("a", "b"), names(table.rules()));
        next = 30;
        final RoutingRule c = copying("c", 0).build();
        final Exception early = assertThrows(EventStorageException.class, () -> table.add(c));
        assertTrue(early.getMessage().contains("version 2 holds now"), early.getMessage());
        assertEquals(List.of("a", "b"), names(table.rules()));
        Files.delete(file.resolveSibling("rules.json.new"));
        table.add(c);
        assertEquals(List.of("a", "b", "c"), names(open(40).rules()));
        assertEquals(List.of("to-a", "to-b"), copies(open(40), 25));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "to-a | to-b | checksum",
        "\"format\": 1 | \"format\": 2 | format 2",
        "\"since\" | \"sinze\" | sinze",
        "\"versions\" | \"version\" | key 'version' is not known",
        "\"change\" | \"changed\" | key 'changed' is not known",
        "\"version\": 1 | \"version\": 0 | does not follow",
        "\"from\": 10 | \"from\": \"x\" | whole number",
        "\"copyTo\" | \"copyToo\" | copyToo",
        "\"rules\": [ | \"rules\": {} [ | array",
        "{\"since\" | [\"since\" | a rule with its versions",
        "\"name\" | \"namen\" | namen",
        "\"pattern\":\"*\" | \"pattern\":\"a*\" | a*"})
    void shouldSayWhatIsWrongWhenTheFileIsNotValid(final String part, final String broken, final String what)
        throws IOException
    {
        final RuleTable table = open(0);
        next = 10;
        table.add(copying("a", 0).build());
        final String sound = Files.readString(file);
        assertTrue(sound.contains(part), sound);
        final String withoutSum = sound.substring(0, sound.lastIndexOf(",\n\"checksum\"")) + "}";
        final String text = "checksum".equals(what) ?
            sound.replace(part, broken) : withoutSum.replaceFirst(Pattern.quote(part), broken);
        Files.writeString(file, text);
        final Exception error = assertThrows(EventStorageException.class, () -> open(20));
        assertTrue(error.getMessage().contains(what), error.getMessage());
        assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
        assertEquals(text, Files.readString(file));
    }

    @Test
    void shouldTakeWhatSomebodyWroteWhenItHasNoChecksum() throws IOException
    {
        final RuleTable table = open(0);
        table.add(copying("a", 0).build());
        final String sound = Files.readString(file);
        assertTrue(sound.contains("\n{\"since\": 1, \"rule\": {\"name\":\"a\","), sound);
        final String withoutSum = sound.substring(0, sound.lastIndexOf(",\n\"checksum\""));
        Files.writeString(file, withoutSum.replace("to-a", "by-hand") + "}");
        assertEquals(List.of("by-hand"), copies(open(3), 3));
        Files.writeString(file, "{\"format\": 1, \"versions\": [], \"rules\": []}");
        assertThrows(EventStorageException.class, () -> open(3));
        Files.writeString(file, "[]");
        assertThrows(EventStorageException.class, () -> open(3));
        Files.writeString(file, "{\"format\": 1, \"versions\": [{\"version\": 1, \"from\": 1}], \"rules\": [{}]}");
        assertThrows(EventStorageException.class, () -> open(3));
        Files.delete(file);
        Files.createDirectories(file.resolve("x"));
        assertThrows(EventStorageException.class, () -> open(3));
    }

    @Test
    void shouldGoOnCountingWhenARuleIsReplaced()
    {
        final RuleTable table = open(0);
        table.add(copying("a", 0).build());
        final RuleRun run = run(table);
        fixture.builder.clear().type("x");
        run.apply(fixture.encode(1));
        table.replace(copying("a", 3).build());
        run.apply(fixture.encode(2));
        assertEquals(2, table.stats().get(0).copied());
        final RuleRun other = run(table);
        other.apply(fixture.encode(3));
        other.close();
        run.close();
        assertEquals(3, table.stats().get(0).copied());
        table.remove("a");
        table.add(copying("a", 0).build());
        assertEquals(0, table.stats().get(0).copied());
    }

    private RuleTable open(final long lastSequence)
    {
        return RuleTable.open(file, lastSequence, (takeEffect) -> takeEffect.accept(next));
    }

    private RuleRun run(final RuleTable table)
    {
        return table.newRun(RuleFixture.MAX_EVENT_LENGTH, fixture.errors::add);
    }

    private List<String> copies(final RuleTable table, final long sequence)
    {
        fixture.builder.clear().type("x");
        final RuleRun run = run(table);
        run.apply(fixture.encode(sequence));
        return RuleFixture.copies(run);
    }

    private static void change(final RuleTable table, final Random random)
    {
        final String name = "r" + random.nextInt(6);
        final boolean isThere = names(table.rules()).contains(name);
        final RoutingRule rule = RoutingRule.named(name)
            .pattern(random.nextBoolean() ? "a.*" : "*")
            .where(random.nextBoolean() ? "" : "payload.x % 2 = " + random.nextInt(2))
            .copyTo("target-" + random.nextInt(1000))
            .build();
        switch (isThere ? random.nextInt(3) : 3)
        {
            case 0 -> table.remove(name);
            case 1 -> table.enable(name, random.nextBoolean());
            case 2 -> table.replace(rule);
            default -> table.add(rule);
        }
    }

    private static RoutingRuleBuilder copying(final String name, final int order)
    {
        return RoutingRule.named(name).order(order).copyTo("to-" + name);
    }

    private static List<String> names(final List<RoutingRule> rules)
    {
        return rules.stream().map(RoutingRule::name).toList();
    }

    private static void assertRefused(final String part, final Runnable change)
    {
        final Exception error = assertThrows(EventValidationException.class, change::run);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    // A directory where the new file is to be made.
    private void block()
    {
        try
        {
            Files.createDirectories(file.resolveSibling("rules.json.new"));
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(file.toString(), ex);
        }
    }
}
