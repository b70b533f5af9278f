package io.sluice.engine.failure;

import io.sluice.event.EventFlyweight;

/**
 * Says what can be done about an event that its handler could not handle, when its attempts are used up or the failure
 * is final. Called by any thread that calls handlers, by several at once; must not block.
 */
@FunctionalInterface
public interface FailureClassifier
{
    /**
     * The standard one. It goes by the type of what was thrown and, where that says nothing, by that of its cause, and
     * so on down:
     *
     * <table>
     * <caption>What is what</caption>
     * <tr><th>kind</th><th>thrown</th></tr>
     * <tr><td>{@link FailureKind#FIXABLE}</td><td>an event or a text that is not valid: {@link
     * IllegalArgumentException} (with it {@link NumberFormatException}), {@link
     * io.sluice.event.EventValidationException}, {@link java.time.DateTimeException}, {@link
     * java.text.ParseException}, {@link java.net.URISyntaxException}, {@link java.net.MalformedURLException}, {@link
     * java.nio.charset.CharacterCodingException}, {@link java.io.UTFDataFormatException}, {@link
     * java.io.InvalidObjectException}, {@link java.util.zip.DataFormatException}, {@link
     * java.nio.BufferUnderflowException}</td></tr>
     * <tr><td>{@link FailureKind#TRANSIENT}</td><td>what may pass: any other {@link java.io.IOException}, {@link
     * java.util.concurrent.TimeoutException}, {@link InterruptedException}, {@link IllegalStateException}, {@link
     * java.util.concurrent.RejectedExecutionException}, {@link java.util.ConcurrentModificationException}, {@link
     * io.sluice.event.EventStorageException}</td></tr>
     * <tr><td>{@link FailureKind#MANUAL}</td><td>everything else, every {@link Error} included</td></tr>
     * </table>
     *
     * @return it; has no state.
     */
    static FailureClassifier standard()
    {
        return StandardClassifier.INSTANCE;
    }

    /**
     * Classify a failure.
     *
     * @param event    that was not handled, valid until the method returns.
     * @param failure  what the handler threw, or what stands for a time-out or an open breaker.
     * @param attempts so far, 1 or more.
     * @return what can be done about it.
     */
    FailureKind classify(EventFlyweight event, Throwable failure, int attempts);
}
