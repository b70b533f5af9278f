package io.sluice.perf.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventBuilder;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real journal beside what a child told of it, truly or not. */
class JournalCheckTest
{
    private static final int COUNT = 60;
    private static final long TIMEOUT_NS = 10_000_000_000L;

    @TempDir
    private Path directory;

    private final ChaosFindings findings = new ChaosFindings();
    private final ChaosLedger ledger = new ChaosLedger(findings, new ChaosCounts());

    @BeforeEach
    void journal()
    {
        final EventBuilder event = new EventBuilder();
        try (Engine engine = Engine.launch(new EngineContext()
            .directory(directory).threadingMode(ThreadingMode.INVOKER).index(false)))
        {
            for (int number = 0; number < COUNT; number++)
            {
                ChaosEvent.build(event, number);
                assertEquals(number + 1, engine.publisher().publishSync(event, Durability.JOURNALED, TIMEOUT_NS));
            }
        }
        ledger.beginLife();
        ledger.accept("R 0");
        for (int number = 0; number < COUNT; number++)
        {
            ledger.accept("A " + number + " " + (number + 1));
        }
    }

    @Test
    void shouldFindNothingWhenAllWasDelivered()
    {
        deliver(Long.MAX_VALUE);
        final JournalCheck check = checked();

        assertEquals(0, check.checkDeliveries(true));
        assertTrue(findings.isOk(), () -> findings.messages().toString());
        assertEquals(COUNT, check.events());
        assertEquals(COUNT - 1, check.greatestNumber());
    }

    @Test
    void shouldSeeWhenOneDeliveryIsMissing()
    {
        deliver(17);
        final JournalCheck check = checked();

        final long missing = check.checkDeliveries(true);

        assertTrue(missing > 0);
        assertEquals(missing, findings.count(Violation.UNDELIVERED));
        assertEquals(missing, findings.total());
    }

    @Test
    void shouldSeeWhenAnAcknowledgedEventIsNotInTheJournal()
    {
        ledger.accept("A " + COUNT + " " + (COUNT + 1));
        checked();

        assertEquals(1, findings.count(Violation.LOST), () -> findings.messages().toString());
    }

    @Test
    void shouldSeeWhenAnEventWasAcknowledgedUnderAnotherSequence()
    {
        ledger.accept("A 3 5");
        checked();

        assertTrue(findings.count(Violation.LOST) > 0);
    }

    @Test
    void shouldSeeWhenSomethingWasHandedOutThatIsNotInTheJournal()
    {
        ledger.accept("C 0 " + (COUNT + 3) + " " + (COUNT + 2) + " 0");
        checked();

        assertEquals(1, findings.count(Violation.STRANGE), () -> findings.messages().toString());
    }

    @Test
    void shouldOweALateSubscriptionOnlyWhatCameAfterIt()
    {
        ledger.accept("S " + ChaosSubscription.LATE.ordinal() + " " + (COUNT - 1));
        deliver(Long.MAX_VALUE);

        assertEquals(1, checked().checkDeliveries(false));
        assertTrue(findings.isOk(), "looking only");
    }

    @Test
    void shouldReadOnlyWholeLinesWhenAChildWasKilledInBetween() throws IOException
    {
        final Path file = directory.resolve("life.log");
        final List<String> lines = new ArrayList<>();
        try (LogReader reader = new LogReader(file))
        {
            Files.writeString(file, "A 1 1\nA 2", StandardCharsets.UTF_8);
            assertEquals(1, reader.poll(lines::add));
            Files.writeString(file, " 2\nA 3", StandardOpenOption.APPEND);
            assertEquals(1, reader.poll(lines::add));
        }
        RawOutput.deleteTree(file);

        assertEquals(List.of("A 1 1", "A 2 2"), lines);
    }

    private JournalCheck checked()
    {
        final JournalCheck check = new JournalCheck(directory, ledger, findings);
        check.checkJournal();
        return check;
    }

    // To all that want it, in the order of the journal, but for one event.
    private void deliver(final long leftOut)
    {
        for (long sequence = 1; sequence <= COUNT; sequence++)
        {
            for (final ChaosSubscription kind : ChaosSubscription.values())
            {
                if (kind.isFromStart() && kind.wants(sequence - 1) && sequence != leftOut)
                {
                    ledger.accept("C " + kind.ordinal() + " " + sequence + " " + (sequence - 1) + " 0");
                    ledger.accept("E " + kind.ordinal() + " " + sequence);
                }
            }
        }
    }
}
