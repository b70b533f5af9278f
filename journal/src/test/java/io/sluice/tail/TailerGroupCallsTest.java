package io.sluice.tail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.journal.StartPosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may call what, and when, and on which thread. */
class TailerGroupCallsTest
{
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private TailFixture journal;
    private long sum;

    @TempDir
    private Path directory;

    @BeforeEach
    void openJournal()
    {
        journal = new TailFixture(directory, 1);
    }

    @AfterEach
    void closeJournal()
    {
        journal.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldReadOnAThreadOfItsOwnWhenLaunchedByDefault() throws InterruptedException
    {
        final AtomicLong count = new AtomicLong();
        final List<String> threads = new ArrayList<>();
        final TailerGroup group = TailerGroup.launch(
            new TailerGroupContext().directory(directory).errorHandler(errors::add));
        try (group)
        {
            assertThrows(IllegalStateException.class, group::invoke);
            group.join(TailerMemberSpec.of("a", (event) -> count.incrementAndGet()).from(StartPosition.start()));
            final TailerMember last = group.join(TailerMemberSpec.of("closing", (event) ->
            {
                if (event.sequence() == 1000)
                {
                    threads.add(Thread.currentThread().getName());
                    group.close();
                }
            }).from(StartPosition.start()));
            for (int i = 0; i < 100; i++)
            {
                journal.append(10);
            }
            while (last.state() != TailerMemberState.ENDED)
            {
                Thread.onSpinWait();
            }
        }
        assertEquals(List.of("sluice-tail"), threads);
        assertEquals(1000, count.get());
        assertFalse(Thread.getAllStackTraces().keySet().stream()
            .anyMatch((thread) -> thread.getName().equals("sluice-tail") && isStuck(thread)));
    }

    @Test
    void shouldReportTheThreadWhenAHandlerDoesNotReturn() throws InterruptedException
    {
        final CountDownLatch isReleased = new CountDownLatch(1);
        final CountDownLatch isEntered = new CountDownLatch(1);
        final TailerGroup group = TailerGroup.launch(new TailerGroupContext()
            .directory(directory)
            .threadName("slow-tail")
            .closeTimeoutNs(1_000_000L)
            .errorHandler(errors::add));
        group.join(TailerMemberSpec.of("stuck", (event) ->
        {
            isEntered.countDown();
            await(isReleased);
        }).from(StartPosition.start()));
        journal.append(1);
        isEntered.await();
        Thread.currentThread().interrupt();
        group.close();
        assertTrue(Thread.interrupted());
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().startsWith("thread slow-tail did not end in time"));
        errors.clear();
        isReleased.countDown();
        for (final Thread thread : Thread.getAllStackTraces().keySet())
        {
            if (thread.getName().equals("slow-tail"))
            {
                thread.join();
            }
        }
    }

    @Test
    void shouldRefuseSettingsWhenTheyAreOutOfRange()
    {
        assertEquals("directory is not set", refusal(new TailerGroupContext()));
        assertEquals("sliceLimit=0 must be at least 1", refusal(context().sliceLimit(0)));
        assertEquals("maxMembers=0 must be at least 1", refusal(context().maxMembers(0)));
        assertEquals("closeTimeoutNs=-1 must be at least 0", refusal(context().closeTimeoutNs(-1)));
        assertEquals(
            "threadName=a-name-that-is-too-long must have 1 to 15 characters",
            refusal(context().threadName("a-name-that-is-too-long")));
        final TailerGroupContext concluded = context().conclude();
        assertThrows(IllegalStateException.class, concluded::conclude);
        assertThrows(IllegalStateException.class, () -> concluded.maxMembers(5));
        assertEquals(1000, concluded.maxMembers());
    }

    @Test
    void shouldRefuseWhenNamesFilesOrNumbersAreTaken()
    {
        final Path file = directory.resolve("positions/one");
        final List<Long> received = new ArrayList<>();
        final TailerGroup group = TailerGroup.launch(context().maxMembers(2));
        try (group)
        {
            group.join(TailFixture.collecting("one", received).positionFile(file));
            assertRefused("name=one has a member", group, TailFixture.collecting("one", received));
            assertRefused(
                "is kept by member one", group,
                TailFixture.collecting("two", received).positionFile(directory.resolve("positions/../positions/one")));
            group.join(TailFixture.collecting("two", received));
            final TailerMemberSpec third = TailFixture.collecting("three", received);
            assertTrue(assertThrows(IllegalStateException.class, () -> group.join(third))
                .getMessage().startsWith("maxMembers=2"));
        }
        assertThrows(EventStorageException.class, () -> group.join(TailFixture.collecting("late", received)));
        assertEquals(0, group.invoke());
        assertThrows(IllegalArgumentException.class, () -> TailerMemberSpec.of(" ", (event) -> sum++));
        assertThrows(NullPointerException.class, () -> TailerMemberSpec.of("a", null));
        assertThrows(NullPointerException.class, () -> TailFixture.collecting("a", received).filter(null));
    }

    @Test
    void shouldRefuseCallsOfHandlersWhenTheHostInvokes()
    {
        final List<Class<?>> refused = new ArrayList<>();
        try (TailerGroup group = TailerGroup.launch(context()))
        {
            final List<Long> joined = new ArrayList<>();
            group.join(TailerMemberSpec.of("a", (event) ->
            {
                refused.add(assertThrows(IllegalStateException.class, group::invoke).getClass());
                refused.add(assertThrows(IllegalStateException.class, group::close).getClass());
                if (event.sequence() == 1)
                {
                    group.join(TailFixture.collecting("b", joined));
                }
            }));
            TailFixture.runUntilIdle(group);
            journal.append(1);
            TailFixture.runUntilIdle(group);
            journal.append(1);
            TailFixture.runUntilIdle(group);
            assertEquals(4, refused.size());
            assertEquals(List.of(2L), joined);
        }
    }

    @Test
    void shouldReportWhenAListenerThrows()
    {
        final List<Long> received = new ArrayList<>();
        try (TailerGroup group = TailerGroup.launch(context()))
        {
            group.join(TailFixture.collecting("a", received).listener(new TailerMemberListener()
            {
                @Override
                public void onStart(final TailerMember member, final long nextSequence)
                {
                    throw new IllegalStateException("start");
                }

                @Override
                public void onEnd(final TailerMember member, final Throwable cause)
                {
                    throw new IllegalStateException("end");
                }
            }));
            TailFixture.runUntilIdle(group);
            journal.append(1);
            TailFixture.runUntilIdle(group);
        }
        assertEquals(List.of(1L), received);
        assertEquals(List.of("start", "end"), errors.stream().map(Throwable::getMessage).toList());
        errors.clear();
    }

    private static void await(final CountDownLatch latch)
    {
        try
        {
            latch.await();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static boolean isStuck(final Thread thread)
    {
        try
        {
            thread.join(10_000);
            return thread.isAlive();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static String refusal(final TailerGroupContext context)
    {
        return assertThrows(IllegalArgumentException.class, context::conclude).getMessage();
    }

    private static void assertRefused(final String text, final TailerGroup group, final TailerMemberSpec spec)
    {
        final String message = assertThrows(IllegalArgumentException.class, () -> group.join(spec)).getMessage();
        assertTrue(message.contains(text), message);
    }

    private TailerGroupContext context()
    {
        return new TailerGroupContext().directory(directory).thread(false).errorHandler(errors::add);
    }
}
