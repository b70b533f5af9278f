package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publish and wait, and publish in one line. */
@ExtendWith(ThreadHygiene.class)
class PublishSyncTest
{
    @TempDir
    private Path directory;

    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @EnumSource
    void shouldReturnTheSequenceWhenTheEventIsAcknowledged(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(context().threadingMode(mode)))
        {
            final Publisher publisher = engine.publisher();
            for (int i = 1; i <= 5; i++)
            {
                assertEquals(i, publisher.publishSync(event("e" + i), Durability.JOURNALED, Waiting.LIMIT_NS));
                assertEquals(i, engine.journaledSequence());
            }
            assertTrue(publisher.publishSync(event("accepted"), Durability.ACCEPTED, 0) >= 0);
            final String id = publisher.publishSync("user.action", "{\"action\":\"login\"}", Waiting.LIMIT_NS);
            assertEquals(7, engine.journaledSequence());
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(id, handled.get(6));
            assertEquals(
                PublishResult.NOT_OPEN, publisher.publishSync(event("late"), Durability.JOURNALED, 1));
            assertEquals(
                PublishResult.NOT_OPEN,
                assertThrows(PublishException.class, () -> publisher.publishSync("a.b", "1", 1)).result());
        }
    }

    @Test
    void shouldReturnItsOwnIdWhenAHandlerPublishesMeanwhile()
    {
        final Publisher[] publisher = new Publisher[1];
        final EngineContext context = context().subscribe(SubscriptionSpec.to("order.placed", event ->
            publisher[0].publish(new EventBuilder().type("order.confirmed").id("of-the-handler"))));
        try (TestEngine test = TestEngine.launch(context))
        {
            publisher[0] = test.publisher();
            test.publisher().publish(new EventBuilder().type("order.placed").priority(Priority.CRITICAL));
            final String id = test.publisher().publishSync("order.shipped", "{}", Waiting.LIMIT_NS);
            test.runUntilIdle();
            assertEquals(3, test.engine().stats().accepted());
            assertTrue(handled.contains("of-the-handler"), handled.toString());
            assertTrue(handled.contains(id) && !id.equals("of-the-handler"), id + " of " + handled);
        }
    }

    @Test
    void shouldRefuseASecondClaimWhenTheFormerOneIsOpen()
    {
        try (TestEngine test = TestEngine.launch(context()))
        {
            final EventClaim claim = new EventClaim();
            assertTrue(test.publisher().tryClaim(claim, Priority.HIGH, 500) >= 0);
            final IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> test.publisher().tryClaim(claim, Priority.LOW, 500));
            assertTrue(refused.getMessage().startsWith("a slot of priority high is claimed"), refused.getMessage());
            claim.abort();
            assertTrue(test.publisher().tryClaim(claim, Priority.LOW, 500) >= 0);
            claim.close();
        }
    }

    @Test
    void shouldGoOnWhenThePublisherThatAllShareIsClosed()
    {
        try (TestEngine test = TestEngine.launch(context()))
        {
            final Engine engine = test.engine();
            try (Publisher shared = engine.publisher())
            {
                assertTrue(shared.publish(event("first")) >= 0);
            }
            assertTrue(engine.publisher().publish(event("second")) >= 0);
            final Publisher own = engine.publisher("own");
            own.close();
            assertEquals(PublishResult.CLOSED, own.publish(event("third")));
        }
    }

    @Test
    void shouldSayThatTheEventMayStillBeJournaledWhenTheTimeIsOver()
    {
        final HeldJournal[] journal = new HeldJournal[1];
        final EngineContext context = context().threadingMode(ThreadingMode.SHARED).durability(Durability.SYNCED);
        try (Engine engine = new Engine(EngineLifecycle.launch(context.conclude(), settings ->
        {
            journal[0] = HeldJournal.open(settings);
            return journal[0];
        })))
        {
            final Publisher publisher = engine.publisher();
            assertEquals(
                PublishResult.TIMED_OUT, publisher.publishSync(event("unforced"), Durability.SYNCED, 1_000_000L));
            final PublishException ex =
                assertThrows(PublishException.class, () -> publisher.publishSync("a.b", "1", 1_000_000L));
            assertEquals(PublishResult.TIMED_OUT, ex.result());
            assertTrue(ex.getMessage().contains("may still be journaled"), ex.getMessage());
            journal[0].hold(false);
            assertEquals(3, publisher.publishSync(event("forced"), Durability.SYNCED, Waiting.LIMIT_NS));
        }
    }

    @Test
    void shouldRefuseAndPublishNothingWhenAHandlerWouldWait()
    {
        final Publisher[] publisher = new Publisher[1];
        final List<Throwable> thrown = new ArrayList<>();
        final EngineContext context = context().subscribe(SubscriptionSpec.to("first.*", event ->
        {
            thrown.add(assertThrows(
                IllegalStateException.class,
                () -> publisher[0].publishSync(event("never"), Durability.JOURNALED, Waiting.LIMIT_NS)));
            thrown.add(assertThrows(
                IllegalStateException.class,
                () -> publisher[0].publishSync("never.at", "1", Waiting.LIMIT_NS)));
            publisher[0].publish("second.step", "2", Priority.HIGH, null);
        }));
        try (TestEngine test = TestEngine.launch(context))
        {
            publisher[0] = test.publisher();
            test.publisher().publish("first.step", "1", Priority.LOW, "corr-1");
            test.runUntilIdle();
            assertEquals(2, thrown.size());
            assertEquals(2, test.engine().stats().accepted());
        }
        assertEquals(
            List.of("first.step corr-1", "second.step corr-1"),
            JournalDigest.map(directory, event -> event.type() + " " +
                event.text(EventField.CORRELATION_ID)));
    }

    @Test
    void shouldReturnTheIdOrThrowTheReasonWhenPublishedInOneLine()
    {
        try (TestEngine test = TestEngine.launch(context().limit(Priority.CRITICAL, 1)))
        {
            final String id = test.publisher().publish("user.action", "{\"action\":\"login\"}");
            final String other = test.publisher().publish("user.alarm", "{}", Priority.CRITICAL, "corr-7");
            assertEquals(36, id.length());
            final PublishException refused = assertThrows(
                PublishException.class, () -> test.publisher().publish("user.alarm", "{}", Priority.CRITICAL, null));
            assertEquals(PublishResult.BACK_PRESSURED, refused.result());
            test.runUntilIdle();
            assertEquals(List.of(other, id), handled);
            assertThrows(
                IllegalArgumentException.class,
                () -> test.publisher().publishSync(new EventBuilder().type("a"), Durability.NONE, 1));
            assertEquals(2, test.engine().stats().accepted());
        }
        try (TestEngine test = TestEngine.launch(new EngineContext().durability(Durability.NONE)))
        {
            assertInstanceOf(String.class, test.publisher().publishSync("a.b", "1", Waiting.LIMIT_NS));
            assertThrows(
                IllegalArgumentException.class,
                () -> test.publisher().publishSync(event("e"), Durability.JOURNALED, 1));
        }
    }

    private EngineContext context()
    {
        return new EngineContext().directory(directory)
            .index(false)
            .dedup(new DedupContext().enabled(false))
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id())));
    }

    private static EventBuilder event(final String id)
    {
        return new EventBuilder().type("load.step").id(id);
    }
}
