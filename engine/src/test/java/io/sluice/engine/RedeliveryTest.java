package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an earlier run journaled and did not handle is handed out again before admission opens. */
@ExtendWith(ThreadHygiene.class)
class RedeliveryTest
{
    private static final int COUNT = 400;

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> redelivered = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @EnumSource
    void shouldHandOutEveryUnhandledEventOnceInJournalOrderAndFlagged(final ThreadingMode mode)
    {
        journal(mode);
        forgetPositions(0);
        final List<Integer> flags = new CopyOnWriteArrayList<>();
        try (Engine engine = launch(mode, SubscriptionSpec.to("*", event ->
        {
            redelivered.add(event.sequence());
            flags.add(event.flags());
        })))
        {
            assertEquals(COUNT, engine.stats().redelivered());
            assertEquals(COUNT, redelivered.size(), "done before launch returns");
            publish(engine, "fresh");
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        assertEquals(sequences(1, COUNT + 1), redelivered);
        assertEquals(COUNT, Collections.frequency(flags, EventDescriptor.FLAG_REDELIVERED));
        assertEquals(0, flags.get(COUNT), "a fresh event is not flagged");
        assertNothingLeftToRedeliver(mode);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOutOnlyWhatLiesAboveThePositionOfItsPriority(final ThreadingMode mode)
    {
        journal(mode);
        final PipelinePositions positions = positions();
        positions.watermark(Priority.CRITICAL.code(), COUNT - 9);
        positions.watermark(Priority.LOW.code(), COUNT / 2);
        positions.close();
        try (Engine engine = launch(mode, SubscriptionSpec.to("*", event -> redelivered.add(event.sequence()))))
        {
            assertEquals(redelivered.size(), engine.stats().redelivered());
        }
        final List<Long> expected = IntStream.rangeClosed(1, COUNT)
            .filter(sequence -> priorityOf(sequence) == Priority.LOW && sequence > COUNT / 2 ||
                priorityOf(sequence) == Priority.CRITICAL && sequence > COUNT - 9)
            .mapToObj(Long::valueOf)
            .collect(Collectors.toList());
        assertEquals(expected, redelivered);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnAndCountWhenAHandlerThrowsDuringRedelivery(final ThreadingMode mode)
    {
        journal(mode);
        forgetPositions(0);
        try (Engine engine = launch(
            mode,
            SubscriptionSpec.to("*", event ->
            {
                if (event.sequence() % 10 == 0)
                {
                    throw new AssertionError("refuses " + event.sequence());
                }
            }).name("grumpy").retry(RetryPolicy.DEFAULT.firstDelayNs(TimeUnit.MINUTES.toNanos(1))),
            SubscriptionSpec.to("*", event -> redelivered.add(event.sequence()))))
        {
            assertEquals(COUNT, engine.stats().redelivered());
            assertEquals(COUNT / 10, engine.stats().failed());
            assertEquals(COUNT / 10, engine.stats().errors());
            assertEquals(EngineState.RUNNING, engine.state());
        }
        assertEquals(sequences(1, COUNT), redelivered);
        assertTrue(errors.get(0).getMessage().contains("grumpy"), errors.get(0).getMessage());
        errors.clear();
        assertNothingLeftToRedeliver(mode);
    }

    @Test
    void shouldFailToLaunchAndEndEveryThreadWhenTheJournalCantBeRead() throws Exception
    {
        journal(ThreadingMode.INVOKER);
        damage("n50");
        for (final ThreadingMode mode : ThreadingMode.values())
        {
            forgetPositions(0);
            redelivered.clear();
            final List<EngineState> states = new CopyOnWriteArrayList<>();
            final EngineContext context = context(mode)
                .dedup(new DedupContext().enabled(false))
                .subscribe(SubscriptionSpec.to("*", event -> redelivered.add(event.sequence())))
                .stateListener((from, to) -> states.add(to));
            final EventStorageException ex =
                assertThrows(EventStorageException.class, () -> Engine.launch(context), mode.name());
            assertTrue(ex.getMessage().contains("damaged"), ex.getMessage());
            assertEquals(sequences(1, 49), redelivered, mode.name());
            assertEquals(List.of(EngineState.FAILED, EngineState.CLOSED), states, mode.name());
            // The archiver, which looks at closed files, may have met the same damage.
            assertTrue(!errors.isEmpty() && errors.stream().allMatch(
                (error) -> error.getMessage().contains("is damaged at offset")), errors.toString());
            errors.clear();
            final PipelinePositions positions = positions();
            assertTrue(positions.lowest() < 50, "a watermark beyond what was handled");
            positions.close();
        }
    }

    /** Overwrite a payload in the journal. */
    private void damage(final String payload) throws Exception
    {
        final byte[] wanted = payload.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.list(directory.resolve("journal")))
        {
            final Path file = files.filter(path -> path.toString().endsWith(".cq4")).sorted().findFirst().orElseThrow();
            final byte[] bytes = Files.readAllBytes(file);
            int at = 0;
            while (!Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length))
            {
                at++;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.write(ByteBuffer.wrap(new byte[]{'X'}), at);
            }
        }
    }

    private void journal(final ThreadingMode mode)
    {
        try (Engine engine = launch(mode, SubscriptionSpec.to("nobody", event -> redelivered.add(-1L))))
        {
            for (int sequence = 1; sequence <= COUNT; sequence++)
            {
                final long ticket = engine.publisher().publish(new EventBuilder().type("load.step")
                    .priority(priorityOf(sequence)).payloadText("n" + sequence));
                assertTrue(ticket >= 0, PublishResult.describe(ticket));
                // One by one, so that the order in the journal is the order here.
                assertEquals(
                    sequence, engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS));
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
    }

    private void assertNothingLeftToRedeliver(final ThreadingMode mode)
    {
        try (Engine engine = launch(mode))
        {
            assertEquals(0, engine.stats().redelivered());
        }
        assertEquals(List.of(), errors);
    }

    private static Priority priorityOf(final int sequence)
    {
        return Priority.of(sequence * 7 % Priority.COUNT);
    }

    private void forgetPositions(final long watermark)
    {
        final PipelinePositions positions = positions();
        for (final Priority priority : Priority.values())
        {
            positions.watermark(priority.code(), watermark);
        }
        positions.close();
    }

    private PipelinePositions positions()
    {
        return TestPositions.open(directory);
    }

    private static List<Long> sequences(final int from, final int to)
    {
        return IntStream.rangeClosed(from, to).mapToObj(Long::valueOf).collect(Collectors.toList());
    }

    private static void publish(final Engine engine, final String id)
    {
        assertTrue(engine.publisher().publish(new EventBuilder().type("load.step").id(id)) >= 0);
    }

    private Engine launch(final ThreadingMode mode, final SubscriptionSpec... specs)
    {
        final EngineContext context = context(mode);
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return Engine.launch(context);
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode).errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 16));
    }
}
