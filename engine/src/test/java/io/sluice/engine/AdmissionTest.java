package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal is named and counted, and costs nothing of what was accepted. */
@ExtendWith(ThreadHygiene.class)
class AdmissionTest
{
    private static final int LIMIT = 10;

    @TempDir
    private Path directory;

    private final List<String> handled = new ArrayList<>();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[1 << 16]);

    @ParameterizedTest
    @EnumSource
    void shouldRefuseBackPressuredAndCountItByPriorityWhenTheRingIsAtItsLimit(final Priority priority)
    {
        try (TestEngine test = launch())
        {
            for (int i = 0; i < LIMIT; i++)
            {
                assertTrue(test.publisher().publish(event(priority, "e" + i)) >= 0);
            }
            for (int i = 0; i < 3; i++)
            {
                assertEquals(PublishResult.BACK_PRESSURED, test.publisher().publish(event(priority, "refused")));
            }
            assertOnlyRefused(test, priority, PublishResult.BACK_PRESSURED, 3);
            test.runUntilIdle();
            assertEquals(LIMIT, handled.size());
            assertTrue(test.publisher().publish(event(priority, "again")) >= 0);
        }
        assertEquals("again", handled.get(LIMIT));
    }

    @Test
    void shouldRefuseBytesLimitedWhenTheArenaIsUsedUpAndAcceptAgainWhenItIsFree()
    {
        try (TestEngine test = launch(context().arenaLength(4 << 20)))
        {
            final EventBuilder mega = event(Priority.HIGH, "mega").payload(new byte[1_000_000]);
            int accepted = 0;
            while (test.publisher().publish(mega.id("mega" + accepted).payload(mega(accepted))) >= 0)
            {
                accepted++;
            }
            assertEquals(4, accepted);
            assertEquals(PublishResult.BYTES_LIMITED, test.publisher().publish(mega));
            assertEquals(
                PublishResult.BYTES_LIMITED, test.publisher().tryClaim(new EventClaim(), Priority.HIGH, 1_000_000));
            assertOnlyRefused(test, Priority.HIGH, PublishResult.BYTES_LIMITED, 3);
            assertTrue(test.publisher().publish(event(Priority.HIGH, "small")) >= 0, "small ones need no arena");
            test.runUntilIdle();
            assertTrue(test.publisher().publish(mega.id("after")) >= 0);
        }
        assertEquals(List.of("mega0", "mega1", "mega2", "mega3", "small", "after"), handled);
    }

    @Test
    void shouldGiveArenaRoomBackWhenTheRingRefusesALargeEvent()
    {
        try (TestEngine test = launch(context().arenaLength(4 << 20)))
        {
            for (int i = 0; i < LIMIT; i++)
            {
                test.publisher().publish(event(Priority.LOW, "e" + i));
            }
            for (int i = 0; i < 100; i++)
            {
                assertEquals(
                    PublishResult.BACK_PRESSURED,
                    test.publisher().publish(event(Priority.LOW, "x").payload(mega(i))));
                assertEquals(
                    PublishResult.BACK_PRESSURED,
                    test.publisher().tryClaim(new EventClaim(), Priority.LOW, 1_000_000));
            }
            test.runUntilIdle();
            assertTrue(test.publisher().publish(event(Priority.LOW, "x").payload(mega(1))) >= 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 400, 480, 512, 5000, 1 << 20})
    void shouldRefuseWhatIsLongerThanTheLimitOnEveryPathWhenTheLimitIsAnyLength(final int limit)
    {
        try (TestEngine test = launch(context().maxEventLength(limit)))
        {
            final int overhead = encode(event(Priority.NORMAL, "id"));
            final EventBuilder fits = event(Priority.NORMAL, "id").payload(new byte[limit - overhead]);
            final EventBuilder tooLong = event(Priority.NORMAL, "xx").payload(new byte[limit - overhead + 1]);
            assertEquals(PublishResult.EVENT_TOO_LARGE, test.publisher().publish(tooLong));
            final UnsafeBuffer large = new UnsafeBuffer(new byte[limit + 64]);
            final int length = tooLong.encode(new EventEncoder(), large, 0, large.capacity(), defaults());
            assertEquals(limit + 1, length);
            assertEquals(PublishResult.EVENT_TOO_LARGE, test.publisher().publish(large, 0, length, 0));
            assertEquals(
                PublishResult.EVENT_TOO_LARGE,
                test.publisher().tryClaim(new EventClaim(), Priority.NORMAL, limit + 1));
            assertOnlyRefused(test, Priority.NORMAL, PublishResult.EVENT_TOO_LARGE, 3);
            assertTrue(test.publisher().publish(fits) >= 0);
            test.runUntilIdle();
            assertEquals(EngineState.RUNNING, test.engine().state());
        }
        assertEquals(List.of("id"), handled);
    }

    @Test
    void shouldRefuseNotOpenWhileDrainedAndClosedAfterwards()
    {
        final TestEngine test = launch();
        assertTrue(test.engine().drain(Waiting.LIMIT_NS));
        assertEquals(PublishResult.NOT_OPEN, test.publisher().publish(event(Priority.CRITICAL, "a")));
        assertOnlyRefused(test, Priority.CRITICAL, PublishResult.NOT_OPEN, 1);
        test.close();
        assertEquals(PublishResult.CLOSED, test.publisher().publish(event(Priority.CRITICAL, "b")));
        assertEquals(
            PublishResult.CLOSED, test.publisher().tryClaim(new EventClaim(), Priority.CRITICAL, 200));
        assertEquals(3, test.engine().stats().refused());
        test.engine().drain(0);
        test.engine().reopen();
        assertEquals(PublishResult.CLOSED, test.publisher().publish(event(Priority.CRITICAL, "c")));
        assertTrue(handled.isEmpty());
    }

    @Test
    void shouldReportRunningOnceWhenTheEngineHasStarted()
    {
        try (TestEngine test = launch())
        {
            test.publisher().publish(event(Priority.LOW, "kept"));
            assertTrue(test.engine().drain(Waiting.LIMIT_NS));
        }
        assertEquals(List.of("kept"), handled);
        final List<EngineState> seen = new ArrayList<>();
        try (TestEngine test = launch(context().runId(2).stateListener((from, to) -> seen.add(to))))
        {
            assertEquals(List.of(EngineState.RUNNING), seen);
            assertEquals(EngineState.RUNNING, test.engine().state());
        }
    }

    @Test
    void shouldThrowAndTakeNothingWhenRecordBytesAreDamaged()
    {
        try (TestEngine test = launch())
        {
            final int length = encode(event(Priority.NORMAL, "sound"));
            final UnsafeBuffer damaged = new UnsafeBuffer(new byte[length]);
            int refused = 0;
            for (int at = 0; at < 120; at++)
            {
                damaged.putBytes(0, record, 0, length);
                damaged.putByte(at, (byte)~damaged.getByte(at));
                try
                {
                    final long result = test.publisher().publish(damaged, 0, length, 0);
                    assertTrue(result >= 0 || result == PublishResult.BACK_PRESSURED, "byte " + at);
                    test.runUntilIdle();
                    assertEquals(EngineState.RUNNING, test.engine().state(), "byte " + at + " stops the engine");
                }
                catch (final EventValidationException ex)
                {
                    assertEquals("event", ex.field());
                    refused++;
                }
            }
            assertTrue(refused >= 8, "refused " + refused);
            for (int cut = 0; cut < length; cut++)
            {
                final int available = cut;
                assertThrows(
                    EventValidationException.class, () -> test.publisher().publish(record, 0, available, 0));
            }
            handled.clear();
            assertTrue(test.publisher().publish(record, 0, length, 0) >= 0);
            test.runUntilIdle();
        }
    }

    @Test
    void shouldRejectAnEventWithoutATypeAndTakeNothing()
    {
        try (TestEngine test = launch())
        {
            final EventValidationException ex = assertThrows(
                EventValidationException.class, () -> test.publisher().publish(new EventBuilder().id("x")));
            assertEquals("type", ex.field());
            assertEquals(0, test.engine().stats().accepted());
            assertEquals(0, test.engine().stats().refused());
        }
    }

    @Test
    void shouldDescribeEveryResultWhenAsked()
    {
        assertEquals("OK", PublishResult.describe(5));
        assertEquals("BACK_PRESSURED", PublishResult.describe(PublishResult.BACK_PRESSURED));
        assertEquals("PUBLISHER_LIMITED", PublishResult.describe(PublishResult.PUBLISHER_LIMITED));
        assertEquals("BYTES_LIMITED", PublishResult.describe(PublishResult.BYTES_LIMITED));
        assertEquals("EVENT_TOO_LARGE", PublishResult.describe(PublishResult.EVENT_TOO_LARGE));
        assertEquals("NOT_OPEN", PublishResult.describe(PublishResult.NOT_OPEN));
        assertEquals("CLOSED", PublishResult.describe(PublishResult.CLOSED));
        assertEquals("FAILED", PublishResult.describe(PublishResult.FAILED));
        assertEquals("TIMED_OUT", PublishResult.describe(PublishResult.TIMED_OUT));
        assertEquals("EXPIRED", PublishResult.describe(PublishResult.EXPIRED));
        assertEquals("NOT_SEQUENCED", PublishResult.describe(PublishResult.NOT_SEQUENCED));
        assertEquals("VOID", PublishResult.describe(PublishResult.VOID));
        assertEquals("BATCH_TOO_LARGE", PublishResult.describe(PublishResult.BATCH_TOO_LARGE));
        assertEquals("RATE_LIMITED", PublishResult.describe(PublishResult.RATE_LIMITED));
        assertEquals("DROPPED", PublishResult.describe(PublishResult.DROPPED));
        assertEquals("UNKNOWN(-99)", PublishResult.describe(-99));
        assertTrue(PublishResult.isRefusal(PublishResult.VOID));
        assertFalse(PublishResult.isRefusal(0));
        assertTrue(PublishResult.isTransient(PublishResult.BACK_PRESSURED));
        assertTrue(PublishResult.isTransient(PublishResult.BYTES_LIMITED));
        assertFalse(PublishResult.isTransient(PublishResult.EVENT_TOO_LARGE));
        assertFalse(PublishResult.isTransient(0));
    }

    private static void assertOnlyRefused(
        final TestEngine test, final Priority priority, final long reason, final int count)
    {
        for (final Priority other : Priority.values())
        {
            assertEquals(
                other == priority ? count : 0, test.engine().stats().priority(other).refused(), other.label());
        }
        assertTrue(PublishResult.isRefusal(reason));
    }

    private EngineContext context()
    {
        final EngineContext context = new EngineContext().directory(directory)
            .dedup(new DedupContext().enabled(false))
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id())));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, LIMIT);
        }
        return context;
    }

    private TestEngine launch()
    {
        return launch(context());
    }

    private TestEngine launch(final EngineContext context)
    {
        return TestEngine.launch(context);
    }

    private int encode(final EventBuilder event)
    {
        return event.encode(new EventEncoder(), record, 0, record.capacity(), defaults());
    }

    private static EventDefaults defaults()
    {
        return new EventDefaults(() -> 1L, new IdGenerator(1));
    }

    private static EventBuilder event(final Priority priority, final String id)
    {
        return new EventBuilder().type("a.b").priority(priority).id(id);
    }

    private static byte[] mega(final int variant)
    {
        final byte[] bytes = new byte[1_000_000];
        bytes[0] = (byte)variant;
        return bytes;
    }
}
