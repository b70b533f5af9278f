package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterSpace;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters that can't be read or written for a while: what goes on meanwhile, and how it ends. */
@Timeout(120)
class DeadLetterTroubleTest extends InvokedFixture
{
    private final Set<Long> failing = ConcurrentHashMap.newKeySet();
    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);

    @Test
    void shouldNoteADeliveryWhenTheCopyIsDamagedMeanwhile()
    {
        try (Engine engine = launchWithLetters(3, this::damage))
        {
            failing.clear();
            engine.retryDeadLetter(2);
            invoke(engine);
            assertEquals(List.of(2L), got);
            engine.retryDeadLetter(3);
            invoke(engine);
            assertEquals(List.of(2L, 3L), got, "nothing keeps the others from their handlers");
            assertEquals(List.of(true, false, false), areOpen(engine));
            assertEquals(List.of(), errors.stream().filter(one -> one instanceof JournalDamagedException).toList());
        }
    }

    @Test
    void shouldKeepTheEventThatWasHandedOverWhenItFailsAgainAndTheCopyIsDamagedMeanwhile()
    {
        try (Engine engine = launchWithLetters(3, this::damage))
        {
            engine.retryDeadLetter(2);
            invoke(engine);
            failing.clear();
            engine.retryDeadLetter(2);
            invoke(engine);
            assertEquals(List.of(2L), got, "there is a copy again");
            assertEquals(List.of(true, false, true), areOpen(engine));
        }
    }

    @Test
    void shouldDropALetterWhenItsCopyIsDamaged() throws IOException
    {
        try (Engine engine = launchWithLetters(3, event ->
        {
        }))
        {
            damage(2);
            final var dropped = engine.dropDeadLetter(2, "damaged").toCompletableFuture();
            engine.retryDeadLetter(1);
            failing.clear();
            invoke(engine);
            assertTrue(dropped.join());
            assertEquals(List.of(1L), got);
            assertEquals(List.of(false, false, true), areOpen(engine));
        }
    }

    @Test
    void shouldTryEverythingElseAgainAndCloseWhenWhatCameOfALetterCanNotBeNoted() throws Exception
    {
        final CountDownLatch called = new CountDownLatch(1);
        final CountDownLatch mayReturn = new CountDownLatch(1);
        final AtomicInteger others = new AtomicInteger();
        final EngineContext context = context()
            .threadingMode(ThreadingMode.PAIRED)
            .deadLetters(LetterSpace.context(free::get))
            .subscribe(SubscriptionSpec.to("slow", event ->
            {
                if (failing.remove(event.sequence()))
                {
                    throw new UnsupportedOperationException("not yet");
                }
                called.countDown();
                mayReturn.await();
            }).name("slow").mode(DeliveryMode.TAILING).timeout(Duration.ofHours(1))
                .retry(RetryPolicy.NONE))
            .subscribe(SubscriptionSpec.to("large", event ->
            {
                throw new UnsupportedOperationException("never");
            }).name("large").retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF))
            .subscribe(SubscriptionSpec.to("other", event ->
            {
                if (others.incrementAndGet() == 1)
                {
                    throw new IOException("once");
                }
            }).name("other").retry(RetryPolicy.DEFAULT.attempts(3).firstDelayNs(1_000_000L).jitter(0.0)));
        final CompletableFuture<Boolean> late;
        try (Engine engine = Engine.launch(context))
        {
            failing.add(1L);
            engine.publisher().publish(new EventBuilder().type("slow").source("test"));
            Waiting.until("the letter", () -> engine.subscriptions().get(0).deadLetters() == 1);
            engine.retryDeadLetter(1);
            called.await();
            free.set(0);
            for (int i = 0; errors.stream().noneMatch(DeadLetterTroubleTest::isNoRoom); i++)
            {
                final int large = i;
                engine.publisher().publish(new EventBuilder().type("large").source("test")
                    .payload(ByteBuffer.allocate(40_000).putInt(0, large).array()));
                Waiting.until("a letter, or no room", () ->
                    errors.stream().anyMatch(DeadLetterTroubleTest::isNoRoom) ||
                    engine.subscriptions().get(1).deadLetters() > large);
            }
            final int before = errors.size();
            mayReturn.countDown();
            Waiting.until("a report", () -> errors.size() > before);
            engine.publisher().publish(new EventBuilder().type("other").source("test"));
            // Counted once the time of its end is known, from which on the next attempt is due.
            Waiting.until("the first failure", () -> engine.subscriptions().get(2).errors() == 1);
            clock.advance(Duration.ofMillis(5));
            Waiting.until("the second call", () -> others.get() == 2);
            late = engine.dropDeadLetter(99, "").toCompletableFuture();
        }
        assertEquals(false, late.join(), "whoever waits gets an answer");
        free.set(Long.MAX_VALUE);
        // The locks are given back, the other event is done, and the letter is tried again.
        failing.clear();
        final AtomicInteger again = new AtomicInteger();
        final EngineContext next = context()
            .subscribe(SubscriptionSpec.to("slow", event -> again.incrementAndGet()).name("slow"))
            .subscribe(SubscriptionSpec.to("other", event -> others.incrementAndGet()).name("other"));
        try (Engine engine = Engine.launch(next))
        {
            failing.clear();
            engine.retryDeadLetter(1);
            invoke(engine);
            clock.advance(Duration.ofMinutes(1));
            invoke(engine);
            assertEquals(1, again.get());
            assertEquals(2, others.get());
        }
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            assertEquals(LetterState.DELIVERED, letters.find(1).status().state());
        }
    }

    private static boolean isNoRoom(final Throwable error)
    {
        return String.valueOf(error.getMessage()).contains("no dead letter can be written");
    }

    private void damage(final EventFlyweight event) throws IOException
    {
        damage(event.sequence());
    }

    // The copy of an event: the first record that holds its payload.
    private void damage(final long sequence) throws IOException
    {
        final Path file;
        try (Stream<Path> files = Files.walk(new DataDirectory(directory).deadLetters().resolve("journal")))
        {
            file = files.filter(one -> one.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        final String text = "{\"n\":" + sequence + "}";
        final int place = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap("[".getBytes(StandardCharsets.ISO_8859_1)), place);
        }
    }

    private Engine launchWithLetters(final int count, final EventHandler onRetry)
    {
        final Engine engine = Engine.launch(context().subscribe(SubscriptionSpec.to("*", event ->
        {
            if ((event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0 && event.sequence() == 2 && got.isEmpty())
            {
                onRetry.onEvent(event);
            }
            if (failing.contains(event.sequence()))
            {
                throw new UnsupportedOperationException("not " + event.sequence());
            }
            got.add(event.sequence());
        }).name("picky").mode(DeliveryMode.TAILING).retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF)));
        for (long i = 1; i <= count; i++)
        {
            failing.add(i);
            engine.publisher().publish(
                new EventBuilder().type("trouble").source("test").payloadJson("{\"n\":" + i + "}"));
        }
        invoke(engine);
        assertEquals(count, engine.subscriptions().get(0).deadLetters());
        return engine;
    }

    private static List<Boolean> areOpen(final Engine engine)
    {
        final List<CompletableFuture<Boolean>> dropped = new ArrayList<>();
        for (long letter = 1; letter <= 3; letter++)
        {
            dropped.add(engine.dropDeadLetter(letter, "").toCompletableFuture());
        }
        invoke(engine);
        return dropped.stream().map(CompletableFuture::join).toList();
    }
}
