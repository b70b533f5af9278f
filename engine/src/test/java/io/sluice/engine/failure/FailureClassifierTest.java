package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.nio.BufferUnderflowException;
import java.nio.charset.MalformedInputException;
import java.text.ParseException;
import java.time.format.DateTimeParseException;
import java.util.ConcurrentModificationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest
{
    private final EventFlyweight event = new EventFlyweight();

    static Stream<Throwable> passing()
    {
        return Stream.of(
            new IOException("reset"),
            new EOFException(),
            new ConnectException("refused"),
            new SocketTimeoutException(),
            new UncheckedIOException(new IOException()),
            new TimeoutException(),
            new InterruptedException(),
            new IllegalStateException("not connected yet"),
            new RejectedExecutionException(),
            new ConcurrentModificationException(),
            new EventStorageException("disk is full"),
            new ExecutionException(new RuntimeException(new ConnectException())));
    }

    static Stream<Throwable> fixable()
    {
        return Stream.of(
            new IllegalArgumentException("total is negative"),
            new NumberFormatException(),
            new EventValidationException("type", "", "give it one"),
            new DateTimeParseException("", "yesterday", 0),
            new ParseException("", 0),
            new URISyntaxException("::", "no scheme"),
            new MalformedURLException(),
            new MalformedInputException(1),
            new UTFDataFormatException(),
            new InvalidObjectException(""),
            new DataFormatException(),
            new BufferUnderflowException(),
            new UncheckedIOException(new MalformedInputException(1)),
            new RuntimeException(new NumberFormatException()));
    }

    static Stream<Throwable> others()
    {
        final Exception ring = new Exception("first");
        ring.initCause(new Exception("second", ring));
        return Stream.of(
            new Exception("who knows"),
            new NullPointerException(),
            new ClassCastException(),
            new IndexOutOfBoundsException(),
            new StackOverflowError(),
            new AssertionError(new IOException()),
            new RuntimeException(new OutOfMemoryError()),
            ring);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldSayTransientWhenItMayPass(final Throwable failure)
    {
        assertEquals(FailureKind.TRANSIENT, FailureClassifier.standard().classify(event, failure, 3));
    }

    @ParameterizedTest
    @MethodSource("fixable")
    void shouldSayFixableWhenTheEventIsWrong(final Throwable failure)
    {
        assertEquals(FailureKind.FIXABLE, FailureClassifier.standard().classify(event, failure, 1));
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldSayManualWhenNothingElseIsKnown(final Throwable failure)
    {
        assertEquals(FailureKind.MANUAL, FailureClassifier.standard().classify(event, failure, 1));
    }

    @Test
    void shouldKeepTheirCodesWhenKindsAndCausesAreStored()
    {
        assertEquals(1, FailureCause.THREW.code());
        assertEquals(2, FailureCause.TIMED_OUT.code());
        assertEquals(3, FailureCause.BREAKER_OPEN.code());
        assertEquals(4, FailureCause.UNDECODABLE.code());
        assertEquals(1, RetryEntryKind.FAILED.code());
        assertEquals(2, RetryEntryKind.HELD.code());
        assertEquals(3, RetryEntryKind.CLOSED.code());
        assertEquals(4, RetryEntryKind.FORGOTTEN.code());
        for (final FailureCause cause : FailureCause.values())
        {
            assertSame(cause, FailureCause.of(cause.code()));
        }
        assertNull(FailureCause.of(0));
        assertNull(FailureCause.of(5));
        assertNull(RetryEntryKind.of(0));
        assertNull(RetryEntryKind.of(5));
    }
}
