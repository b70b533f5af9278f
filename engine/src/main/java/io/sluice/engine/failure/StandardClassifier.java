package io.sluice.engine.failure;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.UTFDataFormatException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.nio.BufferUnderflowException;
import java.nio.charset.CharacterCodingException;
import java.text.ParseException;
import java.time.DateTimeException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.DataFormatException;

/** Goes by types; {@link FailureClassifier#standard()} lists them. Has no state. */
final class StandardClassifier implements FailureClassifier
{
    static final StandardClassifier INSTANCE = new StandardClassifier();

    // A chain of causes may be a ring.
    private static final int MAX_DEPTH = 16;

    private static final List<Class<? extends Throwable>> FIXABLE = List.of(
        IllegalArgumentException.class,
        EventValidationException.class,
        DateTimeException.class,
        ParseException.class,
        URISyntaxException.class,
        MalformedURLException.class,
        CharacterCodingException.class,
        UTFDataFormatException.class,
        InvalidObjectException.class,
        DataFormatException.class,
        BufferUnderflowException.class);
    private static final List<Class<? extends Throwable>> TRANSIENT = List.of(
        IOException.class,
        TimeoutException.class,
        InterruptedException.class,
        IllegalStateException.class,
        RejectedExecutionException.class,
        ConcurrentModificationException.class,
        EventStorageException.class);

    private StandardClassifier()
    {
    }

    @Override
    public FailureKind classify(final EventFlyweight event, final Throwable failure, final int attempts)
    {
        Throwable thrown = failure;
        for (int depth = 0; thrown != null && depth < MAX_DEPTH && !(thrown instanceof Error); depth++)
        {
            // Some of what is fixable extends what is transient otherwise.
            if (isOne(thrown, FIXABLE))
            {
                return FailureKind.FIXABLE;
            }
            if (isOne(thrown, TRANSIENT))
            {
                return FailureKind.TRANSIENT;
            }
            thrown = thrown.getCause();
        }
        return FailureKind.MANUAL;
    }

    private static boolean isOne(final Throwable thrown, final List<Class<? extends Throwable>> types)
    {
        for (final Class<? extends Throwable> type : types)
        {
            if (type.isInstance(thrown))
            {
                return true;
            }
        }
        return false;
    }
}
