package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ThreadHygiene.class)
class EventClaimTest
{
    @TempDir
    private Path directory;

    private final List<String> handled = new ArrayList<>();
    private final EventEncoder encoder = new EventEncoder();
    private final EventDefaults defaults = new EventDefaults(() -> 1L, new IdGenerator(1));
    private final EventClaim claim = new EventClaim();

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 300, 1000, 100_000})
    void shouldHandleWhatWasWrittenInPlaceWhenPublished(final int payload)
    {
        try (TestEngine test = launch())
        {
            final long ticket = test.publisher().tryClaim(claim, Priority.HIGH, 200 + payload);
            assertTrue(ticket >= 0);
            assertTrue(claim.capacity() >= 200 + payload);
            write("claimed", Priority.HIGH, payload);
            assertEquals(0, test.runUntilIdle(), "not before it is published");
            assertEquals(PublishResult.NOT_SEQUENCED, test.publisher().sequenceOf(ticket));
            claim.publish();
            test.runUntilIdle();
            assertEquals(1, test.publisher().sequenceOf(ticket));
        }
        assertEquals(List.of("claimed:" + payload), handled);
        assertEquals(
            List.of(payload), JournalDigest.map(directory, event -> event.fieldLength(EventField.PAYLOAD)));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 5000})
    void shouldBeSkippedByAllAndCountNowhereWhenAborted(final int length)
    {
        try (TestEngine test = launch())
        {
            publish(test, "before");
            final long ticket = test.publisher().tryClaim(claim, Priority.NORMAL, length);
            publish(test, "after");
            test.runUntilIdle();
            assertEquals(List.of("before:0"), handled, "an open claim holds up what came later");
            claim.abort();
            test.runUntilIdle();
            assertEquals(PublishResult.VOID, test.publisher().sequenceOf(ticket));
            assertEquals(PublishResult.VOID, test.publisher().await(ticket, Durability.JOURNALED, 0));
            assertEquals(2, test.engine().stats().accepted());
            assertEquals(2, test.engine().stats().handled());
            assertEquals(2, test.engine().stats().journaled());
            assertEquals(2, test.engine().stats().priority(Priority.NORMAL).sequenced());
            assertEquals(0, test.engine().stats().refused());
            assertEquals(0, test.engine().stats().priority(Priority.NORMAL).depth());
            assertThrows(IllegalStateException.class, claim::abort);
        }
        assertEquals(List.of("before:0", "after:0"), handled);
        assertEquals(List.of(1L, 2L), JournalDigest.map(directory, event -> event.sequence()));
    }

    @Test
    void shouldAbortWhenClosedUnpublishedAndDoNothingWhenClosedAfterwards()
    {
        try (TestEngine test = launch())
        {
            long ticket = test.publisher().tryClaim(claim, Priority.NORMAL, 200);
            claim.close();
            test.runUntilIdle();
            assertEquals(PublishResult.VOID, test.publisher().sequenceOf(ticket));
            ticket = test.publisher().tryClaim(claim, Priority.NORMAL, 200);
            write("kept", Priority.NORMAL, 0);
            claim.publish();
            claim.close();
            test.runUntilIdle();
            assertEquals(1, test.publisher().sequenceOf(ticket));
            assertThrows(IllegalStateException.class, claim::publish);
        }
        assertEquals(List.of("kept:0"), handled);
    }

    @Test
    void shouldThrowAndLeaveAVoidSlotWhenThePriorityIsNotTheClaimedOne()
    {
        try (TestEngine test = launch())
        {
            final long ticket = test.publisher().tryClaim(claim, Priority.LOW, 200);
            write("wrong", Priority.CRITICAL, 0);
            final EventValidationException ex = assertThrows(EventValidationException.class, claim::publish);
            assertTrue(ex.getMessage().contains("critical") && ex.getMessage().contains("low"), ex.getMessage());
            publish(test, "next");
            test.runUntilIdle();
            assertEquals(PublishResult.VOID, test.publisher().sequenceOf(ticket));
            assertEquals(1, test.engine().stats().accepted());
        }
        assertEquals(List.of("next:0"), handled);
    }

    @Test
    void shouldThrowAndLeaveAVoidSlotWhenNothingWasWritten()
    {
        try (TestEngine test = launch())
        {
            for (int i = 0; i < 100; i++)
            {
                assertTrue(test.publisher().tryClaim(claim, Priority.NORMAL, i % 2 == 0 ? 200 : 3000) >= 0);
                claim.buffer().setMemory(claim.offset(), claim.capacity(), (byte)0);
                assertThrows(EventValidationException.class, claim::publish);
                publish(test, "e" + i);
                test.runUntilIdle();
            }
            assertEquals(100, test.engine().stats().handled());
        }
        assertEquals(100, handled.size());
    }

    @Test
    void shouldSayWhatToDoWhenNothingIsClaimed()
    {
        final IllegalStateException ex = assertThrows(IllegalStateException.class, claim::publish);
        assertTrue(ex.getMessage().contains("tryClaim"), ex.getMessage());
        claim.close();
    }

    private TestEngine launch()
    {
        return TestEngine.launch(new EngineContext().directory(directory)
            .dedup(new DedupContext().contentWindowNs(0))
            .subscribe(SubscriptionSpec.to("*", event ->
                handled.add(event.id() + ":" + event.fieldLength(EventField.PAYLOAD)))));
    }

    private void write(final String id, final Priority priority, final int payload)
    {
        new EventBuilder().id(id).type("a.b").priority(priority).payload(new byte[payload])
            .encode(encoder, claim.buffer(), claim.offset(), claim.capacity(), defaults);
    }

    private static void publish(final TestEngine test, final String id)
    {
        assertTrue(test.publisher().publish(new EventBuilder().id(id).type("a.b")) >= 0);
    }
}
