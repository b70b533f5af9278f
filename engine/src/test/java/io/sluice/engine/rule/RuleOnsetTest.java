package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From where a change of the rules holds that did not come to its end. */
class RuleOnsetTest
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
    void shouldHoldFromTheNextStartOnWhenACrashCameBeforeItHeld()
    {
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            copyTo("before-" + next);
            takeEffect.accept(next);
        });
        table.add(copying("a").build());
        next = 50;
        table.add(copying("b").build());
        file = directory.resolve("before-50/rules.json");
        assertTrue(read().contains("\"from\": null"), read());
        final RuleTable reopened = open(70);
        assertEquals(List.of("to-a"), copies(reopened, 70));
        assertEquals(List.of("to-a", "to-b"), copies(reopened, 71));
        assertEquals(71, open(500).newest().from());
    }

    @Test
    void shouldHoldFromWhereItHeldWhenACrashCameBeforeTheFileSaidSo() throws IOException
    {
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            takeEffect.accept(next);
            copyTo("after-" + next);
        });
        table.add(copying("a").build());
        next = 50;
        table.add(copying("b").build());
        next = 60;
        table.remove("a");
        file = directory.resolve("after-60/rules.json");
        final String image = read();
        assertTrue(image.contains("\"from\": null"), image);
        assertEquals(60, RuleTable.read(file).newest().from());
        assertEquals(image, read(), "who looks changes nothing");
        final RuleTable reopened = open(70);
        assertEquals(List.of("to-a", "to-b"), copies(reopened, 59));
        assertEquals(List.of("to-b"), copies(reopened, 60));
        assertFalse(read().contains("null"), read());
        Files.delete(file.resolveSibling(RuleOnset.NAME));
        assertEquals(60, open(500).newest().from(), "it stands in the file now");
        assertEquals(50, open(500).history().get(1).from());
        // What a power loss took of the journal, no version holds for.
        file = directory.resolve("after-50/rules.json");
        assertEquals(41, open(40).newest().from());
    }

    @Test
    void shouldHoldBehindTheJournalWhenAPowerLossTookWhereItHeld() throws IOException
    {
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            takeEffect.accept(next);
            copyTo("after-" + next);
        });
        next = 30;
        table.add(copying("a").build());
        next = 50;
        table.add(copying("b").build());
        final String image = Files.readString(directory.resolve("after-50/rules.json"));
        file = directory.resolve("after-50/rules.json");
        final Path onset = file.resolveSibling(RuleOnset.NAME);
        final byte[] sound = Files.readAllBytes(onset);
        // The page is as it was made, as it was for the change before, torn at any byte, or cut.
        final List<byte[]> pages = new ArrayList<>();
        pages.add(new byte[sound.length]);
        pages.add(Files.readAllBytes(directory.resolve("after-30/" + RuleOnset.NAME)));
        pages.add(new byte[0]);
        pages.add(Arrays.copyOf(sound, 512));
        for (int i = 0; i < 32; i++)
        {
            final byte[] torn = sound.clone();
            torn[i] ^= 0x10;
            pages.add(torn);
        }
        for (final byte[] page : pages)
        {
            Files.writeString(file, image);
            Files.write(onset, page);
            assertEquals(71, open(70).newest().from());
        }
        Files.writeString(file, image);
        Files.write(onset, sound);
        assertEquals(50, open(70).newest().from());
        Files.writeString(file, image);
        Files.delete(onset);
        Files.createDirectories(onset);
        assertThrows(EventStorageException.class, () -> open(70));
    }

    @Test
    void shouldNotTakeAnOlderOnsetForItsOwnWhenNumbersBeginAnew() throws IOException
    {
        next = 20;
        open(0).add(copying("a").build());
        Files.delete(file);
        next = 90;
        RuleTable.open(file, 80, (takeEffect) ->
        {
            copyTo("before");
            takeEffect.accept(next);
        }).add(copying("b").build());
        file = directory.resolve("before/rules.json");
        assertEquals(1, open(100).newest().number());
        assertEquals(101, open(100).newest().from());
    }

    @Test
    void shouldHoldAfterAStartAsItDidWhenTheDiskWasFullAtTheEndOfTheChange()
    {
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            takeEffect.accept(next);
            if (next >= 20)
            {
                block();
            }
        });
        next = 10;
        table.add(copying("a").build());
        next = 20;
        assertThrows(EventStorageException.class, () -> table.add(copying("b").build()));
        next = 30;
        // It does not even begin, and what is known of the one before stays.
        assertThrows(EventStorageException.class, () -> table.add(copying("c").build()));
        table.close();
        unblock();
        final RuleTable reopened = open(40);
        assertEquals(List.of("a", "b"), names(reopened.rules()));
        assertEquals(List.of("to-a"), copies(reopened, 19));
        assertEquals(List.of("to-a", "to-b"), copies(reopened, 20));
        assertEquals(20, open(400).newest().from());
    }

    @Test
    void shouldChangeNothingWhenWhereItHoldsCanNotBeNoted() throws IOException
    {
        final Path onset = file.resolveSibling(RuleOnset.NAME);
        final RuleTable table = RuleTable.open(file, 0, (takeEffect) ->
        {
            if (next == 20)
            {
                cut(onset);
            }
            takeEffect.accept(next);
        });
        Files.createDirectories(onset.resolve("in-the-way"));
        final RoutingRule a = copying("a").build();
        final Exception early = assertThrows(EventStorageException.class, () -> table.add(a));
        assertTrue(early.getMessage().contains("version 0 holds now; make room"), early.getMessage());
        Files.delete(onset.resolve("in-the-way"));
        Files.delete(onset);
        table.add(a);
        for (next = 20; next < 22; next++)
        {
            final RoutingRule b = copying("b").build();
            final Exception cut = assertThrows(EventStorageException.class, () -> table.add(b));
            assertTrue(cut.getMessage().contains("it was cut meanwhile"), cut.getMessage());
            assertEquals(List.of("a"), names(table.rules()));
            assertFalse(read().contains("null"), read());
        }
        next = 30;
        table.add(copying("b").build());
        assertEquals(List.of("to-a", "to-b"), copies(open(40), 30));
    }

    private RuleTable open(final long lastSequence)
    {
        return RuleTable.open(file, lastSequence, (takeEffect) -> takeEffect.accept(next));
    }

    private List<String> copies(final RuleTable table, final long sequence)
    {
        fixture.builder.clear().type("x");
        final RuleRun run = table.newRun(RuleFixture.MAX_EVENT_LENGTH, fixture.errors::add);
        run.apply(fixture.encode(sequence));
        return RuleFixture.copies(run);
    }

    private static RoutingRuleBuilder copying(final String name)
    {
        return RoutingRule.named(name).copyTo("to-" + name);
    }

    private static List<String> names(final List<RoutingRule> rules)
    {
        return rules.stream().map(RoutingRule::name).toList();
    }

    private String read()
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(file.toString(), ex);
        }
    }

    // What a process that is killed here would leave.
    private void copyTo(final String name)
    {
        try
        {
            final Path image = Files.createDirectories(directory.resolve(name));
            for (final String each : List.of("rules.json", RuleOnset.NAME))
            {
                Files.copy(file.resolveSibling(each), image.resolve(each));
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(name, ex);
        }
    }

    private static void cut(final Path path)
    {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE))
        {
            channel.truncate(0);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(path.toString(), ex);
        }
    }

    private void unblock()
    {
        try
        {
            Files.delete(file.resolveSibling("rules.json.new"));
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(file.toString(), ex);
        }
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
