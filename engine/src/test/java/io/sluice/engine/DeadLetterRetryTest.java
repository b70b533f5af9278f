package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many dead letters that are handed to their handlers again: which, in which order, and when that stops. */
class DeadLetterRetryTest extends InvokedFixture
{
    private final List<Long> called = new ArrayList<>();
    private final Set<Long> failing = new HashSet<>();

    @ParameterizedTest
    @EnumSource
    void shouldDeliverAllInTheirOrderWhenWhatWasWrongIsMended(final DeliveryMode mode)
    {
        try (Engine engine = launchWithLetters(mode, 10))
        {
            failing.clear();
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection());
            assertEquals(progress(DeadLetterRetryState.RUNNING, 10, 0, 0, 10), run.progress());
            invoke(engine);
            assertEquals(progress(DeadLetterRetryState.DONE, 10, 10, 0, 0), run.progress());
            assertEquals(run.progress(), run.outcome().toCompletableFuture().join());
            assertEquals(numbers(1, 10), got);
            assertEquals(10, run.progress().retried());
        }
        assertEquals(List.of(), open());
    }

    @Test
    void shouldLeaveTheRestOpenWhenTheFirstFails()
    {
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 5))
        {
            failing.remove(1L);
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection().stopAfterFailures(1));
            invoke(engine);
            final DeadLetterRetryProgress progress = run.progress();
            assertEquals(DeadLetterRetryState.STOPPED_BY_FAILURES, progress.state());
            assertEquals(1, progress.delivered());
            assertEquals(1, progress.failed());
            assertEquals(3, progress.left());
            assertEquals(2, progress.lastFailed());
            assertEquals("java.lang.UnsupportedOperationException: not 2", progress.lastFailure());
            final int calls = called.size();
            advance(engine, Duration.ofHours(1));
            assertEquals(calls, called.size(), "it really stopped");
        }
        assertEquals(numbers(2, 5), open());
    }

    @Test
    void shouldCountFailuresInARowOnly()
    {
        try (Engine engine = launchWithLetters(DeliveryMode.IMMEDIATE, 8))
        {
            failing.removeAll(Set.of(1L, 3L, 5L));
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection().stopAfterFailures(2));
            invoke(engine);
            assertEquals(DeadLetterRetryState.STOPPED_BY_FAILURES, run.progress().state());
            assertEquals(3, run.progress().delivered());
            assertEquals(4, run.progress().failed());
            assertEquals(1, run.progress().left());
        }
        assertEquals(List.of(2L, 4L, 6L, 7L, 8L), open());
    }

    @Test
    void shouldGoOnWhateverFailsWhenToldSo()
    {
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 6))
        {
            failing.remove(6L);
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection().stopAfterFailures(0));
            invoke(engine);
            assertEquals(DeadLetterRetryState.DONE, run.progress().state());
            assertEquals(1, run.progress().delivered());
            assertEquals(5, run.progress().failed());
        }
        assertThrows(IllegalArgumentException.class, () -> new DeadLetterSelection().stopAfterFailures(-1));
        assertThrows(IllegalArgumentException.class, () -> new DeadLetterSelection().limit(0));
    }

    @Test
    void shouldTakeWhatIsSelectedInTheOrderThatIsAskedFor()
    {
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 9))
        {
            failing.clear();
            engine.retryDeadLetters(new DeadLetterSelection()
                .subscription("picky")
                .where(EventFilter.of("payload.n > 3 AND metadata.deadLetter.attempts = 1"))
                .cause(FailureCause.THREW)
                .kind(FailureKind.MANUAL)
                .newestFirst(true)
                .limit(4));
            invoke(engine);
            assertEquals(List.of(9L, 8L, 7L, 6L), got);
            for (final DeadLetterSelection none : List.of(
                new DeadLetterSelection().subscription("another"),
                new DeadLetterSelection().where(EventFilter.of("payload.n > 100")),
                new DeadLetterSelection().cause(FailureCause.TIMED_OUT),
                new DeadLetterSelection().kind(FailureKind.FIXABLE)))
            {
                final DeadLetterRetry run = engine.retryDeadLetters(none);
                invoke(engine);
                assertEquals(progress(DeadLetterRetryState.DONE, 0, 0, 0, 0), run.progress());
            }
        }
        assertEquals(numbers(1, 5), open());
    }

    @Test
    void shouldTakeNoFurtherLetterWhenItIsStopped()
    {
        final DeadLetterRetry[] run = new DeadLetterRetry[1];
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 5, event ->
        {
            if (event.sequence() == 2)
            {
                run[0].stop();
            }
        }))
        {
            failing.clear();
            run[0] = engine.retryDeadLetters(new DeadLetterSelection());
            invoke(engine);
            assertEquals(progress(DeadLetterRetryState.STOPPED, 5, 2, 0, 3), run[0].progress());
        }
        assertEquals(numbers(3, 5), open());
    }

    @Test
    void shouldCountLettersThatAreNotOpenAnyMoreAndThoseThatNobodyHandles()
    {
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 4))
        {
            failing.clear();
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection());
            engine.dropDeadLetter(1, "by hand");
            engine.subscriptions().get(0).pause();
            invoke(engine);
            // The run was given its first turn after all commands.
            assertEquals(1, run.progress().gone());
            assertEquals(3, run.progress().unhandled());
            assertEquals(DeadLetterRetryState.DONE, run.progress().state());
            engine.subscriptions().get(0).resume();
            engine.unsubscribe(engine.subscriptions().get(0));
            final DeadLetterRetry second = engine.retryDeadLetters(new DeadLetterSelection());
            invoke(engine);
            assertEquals(3, second.progress().unhandled());
        }
        assertEquals(numbers(2, 4), open());
    }

    @Test
    void shouldWaitForTheBreakerAndGoOnWhenItLetsCallsThrough()
    {
        try (Engine engine = Engine.launch(context().subscribe(SubscriptionSpec.to("*", this::handle).name("picky")
            .retry(RetryPolicy.NONE).breaker(BreakerPolicy.DEFAULT.failures(3).openNs(30_000_000_000L)))))
        {
            failing.addAll(numbers(1, 3));
            publishNumbered(engine, 3);
            invoke(engine);
            failing.clear();
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection());
            invoke(engine);
            advance(engine, Duration.ofSeconds(29));
            assertEquals(3, run.progress().left());
            assertEquals(List.of(), got);
            advance(engine, Duration.ofSeconds(2));
            assertEquals(DeadLetterRetryState.DONE, run.progress().state());
            assertEquals(numbers(1, 3), got);
        }
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.forEach(
                new DeadLetterQuery(), (letter, event) -> assertEquals(1, letter.status().retries(), "noted once"));
        }
    }

    @Test
    void shouldReachLettersThatAreNotHeldInMemory()
    {
        try (Engine engine = Engine.launch(context()
            .deadLetters(new DeadLetterContext().maxOpenLetters(2))
            .subscribe(spec(DeliveryMode.TAILING, event ->
            {
            }))))
        {
            failing.addAll(numbers(1, 7));
            publishNumbered(engine, 7);
            invoke(engine);
            failing.clear();
            engine.retryDeadLetter(6);
            invoke(engine);
            assertEquals(List.of(6L), got);
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection().newestFirst(true));
            invoke(engine);
            assertEquals(progress(DeadLetterRetryState.DONE, 6, 6, 0, 0), run.progress());
            assertEquals(List.of(6L, 7L, 5L, 4L, 3L, 2L, 1L), got);
        }
        assertEquals(List.of(), open());
    }

    @Test
    void shouldEndWithTheEngineAndLeaveTheRestOpen()
    {
        final DeadLetterRetry run;
        final DeadLetterRetry late;
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 50))
        {
            failing.clear();
            run = engine.retryDeadLetters(new DeadLetterSelection());
            late = engine.retryDeadLetters(new DeadLetterSelection());
        }
        final long delivered = run.progress().delivered();
        assertTrue(delivered < 50, "closing does not wait for all of them");
        assertEquals(progress(DeadLetterRetryState.CLOSED, 50, delivered, 0, 50 - delivered), run.progress());
        assertEquals(DeadLetterRetryState.CLOSED, late.outcome().toCompletableFuture().join().state());
        assertEquals(numbers(delivered + 1, 50), open());
    }

    @Test
    void shouldCountALetterAsFailedAndGoOnWhenItsCopyIsDamaged()
    {
        try (Engine engine = launchWithLetters(DeliveryMode.TAILING, 4, event ->
        {
            if (event.sequence() == 1)
            {
                damage("{\"n\":3}");
            }
        }))
        {
            failing.clear();
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection());
            invoke(engine);
            assertEquals(List.of(1L, 2L, 4L), got);
            assertEquals(DeadLetterRetryState.DONE, run.progress().state());
            assertEquals(3, run.progress().lastFailed());
            assertTrue(run.progress().lastFailure().contains("is damaged at offset"), run.progress().lastFailure());
            assertTrue(errors.get(errors.size() - 1) instanceof JournalDamagedException, errors.toString());
        }
    }

    // The first record that holds the text.
    private void damage(final String text) throws IOException
    {
        final Path file;
        try (Stream<Path> files = Files.walk(new DataDirectory(directory).deadLetters().resolve("journal")))
        {
            file = files.filter(one -> one.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        final int place = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap("[".getBytes(StandardCharsets.ISO_8859_1)), place);
        }
    }

    @Test
    void shouldSayThatThereAreNoLettersWithoutAJournalAndNoneToRetryWithoutLetters()
    {
        try (Engine engine = Engine.launch(context().durability(Durability.NONE)))
        {
            assertThrows(IllegalStateException.class, () -> engine.retryDeadLetters(new DeadLetterSelection()));
        }
        try (Engine engine = Engine.launch(context()))
        {
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection());
            invoke(engine);
            assertEquals(progress(DeadLetterRetryState.DONE, 0, 0, 0, 0), run.progress());
        }
        assertFalse(Files.exists(new DataDirectory(directory).deadLetters()));
    }

    private static DeadLetterRetryProgress progress(
        final DeadLetterRetryState state, final long selected, final long delivered, final long failed, final long left)
    {
        return new DeadLetterRetryProgress(state, selected, delivered, failed, 0, 0, left, 0, "");
    }

    private void handle(final EventFlyweight event) throws IOException
    {
        called.add(event.sequence());
        if (failing.contains(event.sequence()))
        {
            throw new UnsupportedOperationException("not " + event.sequence());
        }
        got.add(event.sequence());
    }

    private SubscriptionSpec spec(final DeliveryMode mode, final EventHandler before)
    {
        return Specs.to("*", event ->
        {
            before.onEvent(event);
            handle(event);
        }, mode).name("picky").retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF);
    }

    private Engine launchWithLetters(final DeliveryMode mode, final int count)
    {
        return launchWithLetters(mode, count, event ->
        {
        });
    }

    private Engine launchWithLetters(final DeliveryMode mode, final int count, final EventHandler before)
    {
        final boolean[] isBegun = {false};
        final Engine engine = Engine.launch(context().subscribe(spec(mode, event ->
        {
            if (isBegun[0])
            {
                before.onEvent(event);
            }
        })));
        failing.addAll(numbers(1, count));
        publishNumbered(engine, count);
        invoke(engine);
        isBegun[0] = true;
        assertEquals(count, engine.subscriptions().get(0).deadLetters());
        return engine;
    }

    private static List<Long> numbers(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private List<Long> open()
    {
        final List<Long> open = new ArrayList<>();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.forEach(
                new DeadLetterQuery().states(Set.of(LetterState.OPEN)),
                (letter, event) -> open.add(letter.status().sequence()));
        }
        return open;
    }

    private static void publishNumbered(final Engine engine, final int count)
    {
        for (int i = 1; i <= count; i++)
        {
            assertTrue(engine.publisher().publish(new EventBuilder().type("failure.test").source("test")
                .payloadJson("{\"n\":" + i + "}")) >= 0);
        }
    }
}
