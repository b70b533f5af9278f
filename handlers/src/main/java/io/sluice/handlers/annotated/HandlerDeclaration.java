package io.sluice.handlers.annotated;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What stands in a class about one handler, in words that reflection and the compiler can both fill in, so that both
 * apply the same rules. Immutable.
 *
 * @param pattern        of types.
 * @param filter         empty for none.
 * @param name           empty for the default.
 * @param mode           name of the {@link io.sluice.engine.DeliveryMode}, empty for the default.
 * @param attempts       calls for an event, 0 for the default.
 * @param backoffMs      milliseconds to the second call, 0 for the default.
 * @param isPublic       true if the method is public.
 * @param isStatic       true if it is static.
 * @param returnType     name of what it gives back, {@code void} for nothing.
 * @param parameterTypes names of its parameters' classes, without type arguments.
 */
public record HandlerDeclaration(
    String pattern,
    String filter,
    String name,
    String mode,
    int attempts,
    long backoffMs,
    boolean isPublic,
    boolean isStatic,
    String returnType,
    List<String> parameterTypes)
{
    private static final String EVENT = EventFlyweight.class.getName();
    private static final String BATCH = EventBatch.class.getName();
    private static final List<String> BATCH_MODES =
        List.of(DeliveryMode.BATCHED.name(), DeliveryMode.AUTO.name());
    private static final List<String> PRIMITIVES =
        List.of("boolean", "byte", "short", "char", "int", "long", "float", "double");

    /** The part of a declaration that is wrong. */
    public enum Part
    {
        /** The method itself. */
        METHOD,
        /** {@link HandlesEvent#value}. */
        PATTERN,
        /** {@link HandlesEvent#filter}. */
        FILTER,
        /** {@link HandlesEvent#name}. */
        NAME,
        /** {@link HandlesEvent#mode}. */
        MODE,
        /** {@link HandlesEvent#attempts}. */
        ATTEMPTS,
        /** {@link HandlesEvent#backoffMs}. */
        BACKOFF
    }

    /**
     * Something that is wrong.
     *
     * @param part   where.
     * @param reason what, and the remedy.
     */
    public record Problem(Part part, String reason)
    {
    }

    /** Checks the arguments that are lists. */
    public HandlerDeclaration
    {
        parameterTypes = List.copyOf(parameterTypes);
    }

    /** @return everything that is wrong, empty if nothing is. */
    public List<Problem> problems()
    {
        return problems(EventFilter::of);
    }

    /**
     * As {@link #problems}, but of the filter only how it is written, which needs fewer classes, see {@link
     * EventFilter#checkSyntax}.
     *
     * @return what is wrong, empty if nothing is.
     */
    public List<Problem> syntaxProblems()
    {
        return problems(EventFilter::checkSyntax);
    }

    private List<Problem> problems(final Consumer<String> filterCheck)
    {
        final List<Problem> problems = new ArrayList<>();
        if (!isPublic)
        {
            problems.add(new Problem(Part.METHOD, "it is not public: make it public"));
        }
        if (isStatic)
        {
            problems.add(new Problem(Part.METHOD, "it is static: make it a method of the object that is registered"));
        }
        if (!"void".equals(returnType))
        {
            problems.add(new Problem(
                Part.METHOD, "it returns " + returnType + ", which nobody would see: return void, publish the answer"));
        }
        checkParameters(problems);
        checkMode(problems);
        checkRetry(problems);
        checkPattern(problems);
        checkFilter(filterCheck, problems);
        if (!name.isEmpty() && name.isBlank())
        {
            problems.add(new Problem(Part.NAME, "the name is blank: write one, or leave it out"));
        }
        return problems;
    }

    private void checkMode(final List<Problem> problems)
    {
        final boolean takesBatch = parameterTypes.contains(BATCH);
        if (takesBatch && !BATCH_MODES.contains(mode))
        {
            problems.add(new Problem(
                Part.MODE, "it takes a batch, and none comes in mode " + (mode.isEmpty() ? "IMMEDIATE" : mode) +
                ": set mode to BATCHED or AUTO, or take an EventFlyweight"));
        }
        if (!takesBatch && BATCH_MODES.contains(mode))
        {
            problems.add(new Problem(
                Part.MODE, "mode " + mode + " hands over batches: take an EventBatch, or use IMMEDIATE or TAILING"));
        }
    }

    private void checkRetry(final List<Problem> problems)
    {
        if (attempts != 0)
        {
            check(problems, Part.ATTEMPTS, () -> RetryPolicy.DEFAULT.attempts(attempts));
        }
        if (backoffMs != 0)
        {
            check(
                problems,
                Part.BACKOFF,
                () -> RetryPolicy.DEFAULT.firstDelayNs(TimeUnit.MILLISECONDS.toNanos(backoffMs)));
        }
    }

    private static void check(final List<Problem> problems, final Part part, final Runnable setting)
    {
        try
        {
            setting.run();
        }
        catch (final IllegalArgumentException ex)
        {
            problems.add(new Problem(part, ex.getMessage()));
        }
    }

    private void checkParameters(final List<Problem> problems)
    {
        if (parameterTypes.contains(BATCH))
        {
            if (parameterTypes.size() > 1)
            {
                problems.add(new Problem(
                    Part.METHOD,
                    "it takes (" + String.join(", ", parameterTypes) + "): take the EventBatch alone"));
            }
            return;
        }
        final long events = parameterTypes.stream().filter(EVENT::equals).count();
        if (parameterTypes.isEmpty() || parameterTypes.size() > 2 || events > 1 || parameterTypes.size() - events > 1)
        {
            problems.add(new Problem(
                Part.METHOD,
                "it takes (" + String.join(", ", parameterTypes) +
                "): take an EventFlyweight, one payload, or both"));
        }
        for (final String type : parameterTypes)
        {
            if (PRIMITIVES.contains(type))
            {
                problems.add(new Problem(
                    Part.METHOD, "no payload is decoded as " + type + ": take a class such as String or Map"));
            }
        }
    }

    private void checkPattern(final List<Problem> problems)
    {
        try
        {
            TopicPattern.of(pattern);
        }
        catch (final EventException ex)
        {
            problems.add(new Problem(Part.PATTERN, ex.getMessage()));
        }
    }

    private void checkFilter(final Consumer<String> filterCheck, final List<Problem> problems)
    {
        if (!filter.isEmpty())
        {
            try
            {
                filterCheck.accept(filter);
            }
            catch (final EventException ex)
            {
                problems.add(new Problem(Part.FILTER, ex.getMessage() + " (filter: " + filter + ")"));
            }
        }
    }
}
