package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An engine that the test drives by hand, with a clock that it sets, and a look at the dead letters. */
@ExtendWith(ThreadHygiene.class)
abstract class InvokedFixture
{
    @TempDir
    Path directory;

    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    final List<Long> got = new CopyOnWriteArrayList<>();
    final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private int published;

    EngineContext context()
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.INVOKER)
            .clock(clock)
            .arenaLength(1 << 22)
            .dedup(new DedupContext().idCapacity(1 << 10))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20));
    }

    void publish(final Engine engine, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(engine, new EventBuilder());
        }
    }

    void publish(final Engine engine, final EventBuilder event)
    {
        published++;
        assertTrue(engine.publisher().publish(
            event.type("letter.test").source("test").payloadJson("{\"n\":" + published + "}")) >= 0);
    }

    void advance(final Engine engine, final Duration by)
    {
        invoke(engine);
        clock.advance(by);
        invoke(engine);
    }

    static void invoke(final Engine engine)
    {
        for (int idle = 0; idle < 4; idle++)
        {
            while (engine.invoke() > 0)
            {
                idle = 0;
            }
        }
    }

    List<DeadLetter> letters()
    {
        final List<DeadLetter> found = new ArrayList<>();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.forEach(new DeadLetterQuery(), (letter, event) -> found.add(letter));
        }
        return found;
    }

    /** Subscription, sequence and state of each letter. */
    List<String> states()
    {
        return letters().stream().map(DeadLetter::status)
            .map(one -> one.subscription() + " " + one.sequence() + " " + one.state()).toList();
    }
}
