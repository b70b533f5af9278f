package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What failed before the process ended holds its key in the next run, too. */
class HeldKeysTest extends InvokedFixture
{
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    @TempDir
    private Path temporary;

    private Path image;

    @BeforeEach
    void name()
    {
        image = temporary.resolve("image");
    }

    @ParameterizedTest
    @CsvSource({"true, 2", "true, 1", "false, 2", "false, 1"})
    void shouldHoldTheKeyWhenTheProcessEndsAsSoonAsTheFailureIsNoted(final boolean isDurable, final int before)
        throws IOException
    {
        failFirstOf(isDurable, before);
        try (Engine engine = Engine.launch(context().directory(image).subscribe(held(isDurable, got::add))))
        {
            publish(engine, 4 - before);
            invoke(engine);
            assertEquals(List.of(), got);
            advance(engine, Duration.ofHours(2));
            assertEquals(List.of(1L, 2L, 3L, 4L), got);
            publish(engine, 1);
            invoke(engine);
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), got);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHoldTheKeyWhenItIsSubscribedOnlyLater(final boolean isDurable) throws IOException
    {
        failFirstOf(isDurable, 1);
        try (Engine engine = Engine.launch(context().directory(image)))
        {
            invoke(engine);
            engine.subscribe(held(isDurable, got::add));
            publish(engine, 2);
            invoke(engine);
            assertEquals(List.of(), got);
            advance(engine, Duration.ofHours(2));
        }
        assertEquals(List.of(1L, 2L, 3L), got);
    }

    // Ends with an image of the moment at which the failure is in the log and nothing else has come of it.
    private void failFirstOf(final boolean isDurable, final int count) throws IOException
    {
        final List<Long> called = new ArrayList<>();
        final SubscriptionSpec copying = SubscriptionSpec.to("*", event ->
        {
            if (event.sequence() == 1)
            {
                copy();
            }
        });
        final SubscriptionSpec failing = held(isDurable, sequence ->
        {
            called.add(sequence);
            throw new IllegalStateException("no route to host");
        });
        try (Engine engine = Engine.launch(context().subscribe(failing).subscribe(copying)))
        {
            publish(engine, count);
            invoke(engine);
        }
        assertEquals(List.of(1L), called);
    }

    private void copy()
    {
        try
        {
            TestDirectories.copy(directory, image);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static SubscriptionSpec held(final boolean isDurable, final Handled handled)
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> handled.onSequence(event.sequence()))
            .key(event -> 0)
            .breaker(BreakerPolicy.OFF)
            .retry(RetryPolicy.DEFAULT.firstDelayNs(HOUR_NS).maxDelayNs(HOUR_NS).order(RetryOrder.HOLD_KEY));
        return isDurable ? spec.durable("held") : spec.name("held");
    }

    /** What a handler does. */
    @FunctionalInterface
    private interface Handled
    {
        void onSequence(long sequence);
    }
}
