package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.delivery.CheckpointFile;
import io.sluice.engine.failure.PendingRetries;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventDescriptor;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.SimulatedMachine;
import io.sluice.journal.StartPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What failed and waits for another attempt, or has become a dead letter, is there after a power loss that left the
 * positions as they were and of the retry log only what was forced.
 */
class PowerLossTest extends InvokedFixture
{
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RetryPolicy IN_A_MINUTE =
        RetryPolicy.DEFAULT.attempts(5).firstDelayNs(60_000_000_000L).factor(1.0).jitter(0.0);

    /** Who gets the events. */
    private enum Kind
    {
        /** A durable one that the journal serves. */
        TAILING,
        /** A durable one that the rings serve. */
        LIVE,
        /** One that stands where the pipeline does. */
        PASSING
    }

    @TempDir
    private Path images;

    private final List<String> calls = new ArrayList<>();
    private RetryPolicy policy = IN_A_MINUTE;
    private boolean isDown;
    private DeviceImages device;

    @BeforeEach
    void makeDevice()
    {
        device = new DeviceImages(directory);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTryAgainWhatFailedWhenThePositionIsOnTheDeviceAndTheRetryLogIsNot(final Kind kind)
    {
        final Path image = failTwice(kind);
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            invoke(engine);
            assertEquals(List.of("3 again"), calls, "what failed since the checkpoint");
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("3 again", "2 again"), calls, "what had failed before");
        }
        calls.clear();
        try (Engine engine = launch(kind, image, "boot-3"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of(), calls, "an end in order is believed");
        }
        assertEquals(List.of(), unexpected());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoBackToTheCheckpointBeforeWhenTheNewestIsTorn(final Kind kind) throws IOException
    {
        final Path image = failTwice(kind);
        // The first one of the run is in the second slot.
        tear(image, 0);
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            invoke(engine);
            assertEquals(List.of("1 again", "3 again"), calls);
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("1 again", "3 again", "2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @Test
    void shouldBelieveThePositionsWhenNoCheckpointIsSound() throws IOException
    {
        final Path image = failTwice(Kind.TAILING);
        tear(image, 0);
        tear(image, CheckpointFile.SLOT_LENGTH);
        try (Engine engine = launch(Kind.TAILING, image, "boot-2"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoToTheCheckpointWhenAllPositionsAreLost(final Kind kind) throws IOException
    {
        final Path image = failTwice(kind);
        for (final String name : List.of(PipelineHold.NAME, "subscriptions"))
        {
            final Path file = new DataDirectory(image).positions().resolve(name);
            if (Files.exists(file))
            {
                Files.write(file, new byte[(int)Files.size(file)]);
            }
        }
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("3 again", "2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoBackToTheCheckpointWhenOneThatKnowsNoPositionsOpenedTheJournalFirst(final Kind kind)
    {
        final Path image = failTwice(kind);
        JournalAppender.open(machine(image, "boot-2").directory(image).prepareAhead(0).syncThread(false)
            .archive(new ArchivePolicy().thread(false))).close();
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("3 again", "2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @ParameterizedTest
    @EnumSource(names = {"TAILING", "LIVE"})
    void shouldGoBackToTheCheckpointWhenACommandOpenedTheSubscriptionsFirst(final Kind kind)
    {
        final Path image = failTwice(kind);
        OfflineDelivery.open(image, machine(image, "boot-2"), errors::add).close();
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("3 again", "2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @Test
    void shouldStayWhereACommandPutItWhenPowerWasLostBefore()
    {
        final Path image = failTwice(Kind.TAILING);
        try (OfflineDelivery command = OfflineDelivery.open(image, machine(image, "boot-2"), errors::add))
        {
            assertEquals(4, command.seek("box", StartPosition.end()));
        }
        try (Engine engine = launch(Kind.TAILING, image, "boot-2"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("2 again"), calls, "of what lies before it, attempts wait");
        }
        assertEquals(List.of(), unexpected());
    }

    @ParameterizedTest
    @EnumSource
    void shouldTryAgainWhatAKilledRunLeftWhenPowerIsLostInTheNextOne(final Kind kind)
    {
        final Path killed;
        try (Engine engine = launch(kind, directory, "boot-1"))
        {
            isDown = true;
            publish(engine, 2);
            invoke(engine);
            killed = device.kill(images.resolve("killed"));
        }
        calls.clear();
        device = new DeviceImages(killed);
        final Path image;
        try (Engine engine = launch(kind, killed, "boot-1"))
        {
            invoke(engine);
            assertEquals(List.of(), calls, "both wait for their time");
            image = device.powerLoss(images.resolve("image"));
        }
        isDown = false;
        device = new DeviceImages(image);
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("1 again", "2 again"), calls.stream().sorted().toList());
        }
        assertEquals(List.of(), unexpected());
    }

    @Test
    void shouldMakeACheckpointOnceASecondWhenSomethingHasChanged()
    {
        try (Engine engine = launch(Kind.TAILING, directory, "boot-1"))
        {
            assertEquals(1, device.checkpoints(), "before anything is handed out");
            publish(engine, 3);
            invoke(engine);
            assertEquals(1, device.checkpoints());
            advance(engine, Duration.ofMillis(999));
            assertEquals(1, device.checkpoints());
            advance(engine, Duration.ofMillis(1));
            assertEquals(2, device.checkpoints());
            advance(engine, SECOND);
            advance(engine, SECOND);
            assertEquals(2, device.checkpoints(), "nothing has changed");
            publish(engine, 1);
            advance(engine, SECOND);
            assertEquals(3, device.checkpoints());
        }
        assertEquals(4, device.checkpoints(), "the last one");
        assertEquals(List.of(), unexpected());
    }

    @ParameterizedTest
    @EnumSource(names = {"TAILING", "LIVE"})
    void shouldGetAgainWhatASeekGaveUpWhenPowerIsLostRightAfterIt(final Kind kind) throws IOException
    {
        final Path image;
        try (Engine engine = launch(kind, directory, "boot-1"))
        {
            image = seekBack(engine);
        }
        calls.clear();
        try (Engine engine = launch(kind, image, "boot-2"))
        {
            invoke(engine);
            assertEquals(List.of("1 again", "2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @Test
    void shouldGetAgainWhatASeekGaveUpForNobodyWhenPowerIsLostRightAfterIt() throws IOException
    {
        launch(Kind.TAILING, directory, "boot-1").close();
        final Path image;
        isDown = true;
        try (Engine engine = launch(Kind.TAILING, directory, "boot-1"))
        {
            publish(engine, 2);
            invoke(engine);
        }
        isDown = false;
        try (Engine engine = Engine.launch(context().directory(directory).journal(machine(directory, "boot-1"))))
        {
            image = seekBack(engine);
        }
        calls.clear();
        try (Engine engine = launch(Kind.TAILING, image, "boot-2"))
        {
            invoke(engine);
            assertEquals(List.of("1 again", "2 again"), calls);
        }
        assertEquals(List.of(), unexpected());
    }

    @Test
    void shouldWriteALetterAgainWhenItIsLostAndTheRetryLogIsNot() throws IOException
    {
        policy = RetryPolicy.NONE;
        isDown = true;
        final Path early = images.resolve("early");
        final Path image;
        final DataDirectory data = new DataDirectory(directory);
        try (Engine engine = launch(Kind.TAILING, directory, "boot-1"))
        {
            advance(engine, Duration.ofMillis(600));
            publish(engine, 1);
            invoke(engine);
            assertEquals(0, waiting("first"), "its letter was forced, for nobody had asked for that before");
            TestDirectories.copy(data.deadLetters(), early);
            publish(engine, 1);
            advance(engine, Duration.ofMillis(400));
            assertEquals(List.of("box 1 OPEN", "box 2 OPEN"), states());
            assertEquals(2, device.checkpoints(), "the position has passed both");
            assertEquals(1, waiting("second"), "its letter is not on the device");
            image = device.kill(images.resolve("image"));
            advance(engine, Duration.ofMillis(600));
            assertEquals(0, waiting("third"));
        }
        assertEquals(2, letters().size());
        final Path letters = new DataDirectory(image).deadLetters();
        TestDirectories.delete(letters);
        TestDirectories.copy(early, letters);
        try (Engine engine = launch(Kind.TAILING, image, "boot-2"))
        {
            invoke(engine);
        }
        assertEquals(List.of(1L, 2L), sequencesOfLetters(image));
        assertEquals(List.of(), unexpected());
    }

    @Test
    void shouldWriteNoSecondLetterWhenTheProcessEndsBeforeTheFirstIsForced()
    {
        policy = RetryPolicy.NONE;
        isDown = true;
        final Path image;
        try (Engine engine = launch(Kind.TAILING, directory, "boot-1"))
        {
            publish(engine, 1);
            invoke(engine);
            publish(engine, 1);
            invoke(engine);
            assertEquals(1, waiting("second"));
            image = device.kill(images.resolve("image"));
        }
        try (Engine engine = launch(Kind.TAILING, image, "boot-1"))
        {
            advance(engine, SECOND);
            assertEquals(List.of(1L, 2L), sequencesOfLetters(image));
        }
        assertEquals(2, calls.size());
        assertEquals(List.of(), unexpected());
    }

    // Two that fail, a checkpoint, and a seek back before them. Of the positions is left what they
    // were before that, and all of the retry log.
    private Path seekBack(final Engine engine) throws IOException
    {
        final Path before = images.resolve("before");
        final Path image = images.resolve("image");
        if (engine.journaledSequence() == 0)
        {
            isDown = true;
            publish(engine, 2);
        }
        advance(engine, SECOND);
        assertEquals(2, waiting("waiting"));
        isDown = false;
        TestDirectories.copy(new DataDirectory(directory).positions(), before);
        final CompletionStage<Long> sought = engine.seekSubscription("box", StartPosition.start());
        invoke(engine);
        assertEquals(1L, sought.toCompletableFuture().join());
        device.kill(image);
        assertEquals(0, waiting("given-up"));
        for (final String name : List.of(PipelineHold.NAME, "subscriptions"))
        {
            Files.copy(
                before.resolve(name),
                new DataDirectory(image).positions().resolve(name),
                StandardCopyOption.REPLACE_EXISTING);
        }
        return image;
    }

    // One that is handled and one that fails, a checkpoint, and another one that fails.
    private Path failTwice(final Kind kind)
    {
        final Path image;
        try (Engine engine = launch(kind, directory, "boot-1"))
        {
            publish(engine, 1);
            invoke(engine);
            isDown = true;
            publish(engine, 1);
            advance(engine, SECOND);
            publish(engine, 1);
            invoke(engine);
            assertEquals(List.of("1", "2", "3"), calls);
            image = device.powerLoss(images.resolve("image"));
        }
        calls.clear();
        isDown = false;
        device = new DeviceImages(image);
        return image;
    }

    private Engine launch(final Kind kind, final Path where, final String boot)
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("letter.*", event ->
        {
            final boolean isRepeated = (event.deliveryFlags() & EventDescriptor.FLAG_REDELIVERED) != 0;
            calls.add(event.sequence() + (isRepeated ? " again" : ""));
            if (isDown)
            {
                throw new IllegalStateException("down");
            }
        }).name("box").retry(policy);
        final SubscriptionSpec durable = kind == Kind.PASSING ? spec : spec.durable("box");
        return Engine.launch(context()
            .directory(where)
            .journal(machine(where, boot))
            .subscribe(kind == Kind.TAILING ? durable.mode(DeliveryMode.TAILING) : durable));
    }

    private JournalContext machine(final Path where, final String boot)
    {
        final ForceListener listener = device;
        return SimulatedMachine.on(new JournalContext(), where, boot).rollSize(1 << 20).forceListener(listener);
    }

    // Events that wait for an attempt, or for their letters to be forced.
    private int waiting(final String name)
    {
        final Path copy = device.kill(images.resolve(name));
        try (RetryLog log = RetryLog.open(new DataDirectory(copy), errors::add))
        {
            return new PendingRetries(PendingRetries.CAPACITY).recover(log, clock.nanoTime());
        }
    }

    private List<Throwable> unexpected()
    {
        return errors.stream().filter(error -> !(error instanceof HandlerException)).toList();
    }

    private static List<Long> sequencesOfLetters(final Path where)
    {
        final List<Long> sequences = new ArrayList<>();
        try (DeadLetters letters = DeadLetters.open(where))
        {
            letters.forEach(new DeadLetterQuery(), (letter, event) -> sequences.add(letter.status().sequence()));
        }
        return sequences;
    }

    private static void tear(final Path image, final int slot) throws IOException
    {
        final Path file = new DataDirectory(image).positions().resolve(CheckpointFile.NAME);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            assertTrue(channel.size() > slot);
            final byte[] chance = new byte[64];
            Arrays.fill(chance, (byte)0x55);
            channel.write(ByteBuffer.wrap(chance), slot + 96L);
        }
    }
}
