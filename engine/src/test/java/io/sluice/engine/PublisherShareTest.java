package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ThreadHygiene.class)
class PublisherShareTest
{
    private static final int LIMIT = 100;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheGuaranteeOfTheOtherWhenOnePublisherFloods(final Priority priority)
    {
        try (TestEngine test = launch(); Publisher flood = test.engine().publisher("flood");
            Publisher calm = test.engine().publisher("calm"))
        {
            final int guarantee = LIMIT / 4;
            assertEquals("flood", flood.name());
            assertEquals(LIMIT - guarantee, publishUntilRefused(flood, priority, PublishResult.PUBLISHER_LIMITED));
            assertEquals(guarantee, publishUntilRefused(calm, priority, PublishResult.PUBLISHER_LIMITED));
            assertEquals(2, test.engine().stats().priority(priority).refused());
            test.runUntilIdle();
            assertEquals(LIMIT, test.engine().stats().priority(priority).handled());
            assertEquals(LIMIT - guarantee, publishUntilRefused(calm, priority, PublishResult.PUBLISHER_LIMITED));
            assertEquals(guarantee, publishUntilRefused(flood, priority, PublishResult.PUBLISHER_LIMITED));
        }
    }

    @Test
    void shouldGuaranteeEachAShareWhenManyPublishersFlood()
    {
        try (TestEngine test = launch())
        {
            final int count = 5;
            final Publisher[] publishers = new Publisher[count];
            for (int i = 0; i < count; i++)
            {
                publishers[i] = test.engine().publisher("p" + i);
            }
            final int guarantee = LIMIT / (2 * count);
            assertEquals(
                LIMIT - (count - 1) * guarantee,
                publishUntilRefused(publishers[0], Priority.LOW, PublishResult.PUBLISHER_LIMITED));
            for (int i = 1; i < count; i++)
            {
                assertEquals(
                    guarantee, publishUntilRefused(publishers[i], Priority.LOW, PublishResult.PUBLISHER_LIMITED));
            }
        }
    }

    @Test
    void shouldHaveTheExactLimitWhenAlone()
    {
        try (TestEngine test = launch())
        {
            assertEquals("shared", test.publisher().name());
            assertEquals(
                LIMIT, publishUntilRefused(test.publisher(), Priority.HIGH, PublishResult.BACK_PRESSURED));
        }
    }

    @Test
    void shouldGiveTheShareBackWhenAPublisherIsClosed()
    {
        try (TestEngine test = launch())
        {
            final Publisher first = test.engine().publisher("first");
            final Publisher second = test.engine().publisher("second");
            assertEquals(75, publishUntilRefused(first, Priority.NORMAL, PublishResult.PUBLISHER_LIMITED));
            second.close();
            second.close();
            assertEquals(25, publishUntilRefused(first, Priority.NORMAL, PublishResult.BACK_PRESSURED));
            assertEquals(PublishResult.CLOSED, second.publish(event(Priority.NORMAL)));
            test.runUntilIdle();
            assertEquals(100, test.engine().stats().handled(), "what was accepted is handled");
        }
    }

    @Test
    void shouldCountEachPublishersOwnEventsWhenPublishersComeAndGo()
    {
        try (TestEngine test = launch(); Publisher stays = test.engine().publisher("stays"))
        {
            for (int round = 0; round < 50; round++)
            {
                final Publisher guest = test.engine().publisher("guest" + round);
                assertEquals(75, publishUntilRefused(guest, Priority.NORMAL, PublishResult.PUBLISHER_LIMITED));
                assertEquals(25, publishUntilRefused(stays, Priority.NORMAL, PublishResult.PUBLISHER_LIMITED));
                guest.close();
                if (round % 2 == 0)
                {
                    test.runUntilIdle();
                    continue;
                }
                // The next guest comes while events of this one are still in the ring.
                final Publisher next = test.engine().publisher("next" + round);
                assertEquals(PublishResult.BACK_PRESSURED, next.publish(event(Priority.NORMAL)));
                test.runUntilIdle();
                assertEquals(75, publishUntilRefused(next, Priority.NORMAL, PublishResult.PUBLISHER_LIMITED));
                next.close();
                test.runUntilIdle();
            }
            assertEquals(0, test.engine().stats().priority(Priority.NORMAL).depth());
            assertTrue(test.engine().drain(Waiting.LIMIT_NS));
        }
    }

    @Test
    void shouldTakeABatchThatFitsTheRingThoughItsShareIsSmallerOnceTheRingIsEmpty()
    {
        try (TestEngine test = launch(); Publisher one = test.engine().publisher("one");
            Publisher other = test.engine().publisher("other"))
        {
            final List<EventBuilder> large = Collections.nCopies(LIMIT - 10, event(Priority.NORMAL));
            assertTrue(one.publishBatch(large) >= 0);
            assertEquals(PublishResult.PUBLISHER_LIMITED, one.publishBatch(large));
            test.runUntilIdle();
            assertTrue(other.publish(event(Priority.NORMAL)) >= 0);
            assertEquals(PublishResult.PUBLISHER_LIMITED, one.publishBatch(large), "the ring is not empty");
            test.runUntilIdle();
            assertTrue(one.publishBatch(large) >= 0);
            assertEquals(
                PublishResult.BATCH_TOO_LARGE,
                one.publishBatch(Collections.nCopies(LIMIT + 1, event(Priority.NORMAL))));
        }
    }

    private TestEngine launch()
    {
        final EngineContext context = new EngineContext().directory(directory).dedup(new DedupContext().enabled(false))
            .journal(new JournalContext().batchCount(2 * LIMIT));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, LIMIT);
        }
        return TestEngine.launch(context);
    }

    private static EventBuilder event(final Priority priority)
    {
        return new EventBuilder().type("load.step").priority(priority);
    }

    private static int publishUntilRefused(final Publisher publisher, final Priority priority, final long refusal)
    {
        int count = 0;
        long result = publisher.publish(event(priority));
        while (result >= 0)
        {
            count++;
            result = publisher.publish(event(priority));
        }
        assertEquals(PublishResult.describe(refusal), PublishResult.describe(result));
        return count;
    }
}
