package io.sluice.engine.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryFilesTest
{
    private static final long NOW_MS = 1_705_746_600_000L;

    @TempDir
    private Path root;

    private final AtomicLong nowNs = new AtomicLong(NOW_MS * 1_000_000L);

    @Test
    void shouldReadBackEveryCounterWhenWritten()
    {
        try (TelemetryWriter writer = writer(77); TelemetryReader reader = reader())
        {
            assertEquals(ProcessHandle.current().pid(), reader.pid());
            assertEquals(77, reader.runId());
            assertEquals(nowNs.get(), reader.startedNs());
            assertEquals(nowNs.get(), reader.updatedNs());
            for (final CounterLabel label : CounterLabel.values())
            {
                set(writer, label, 1_000);
            }
            nowNs.addAndGet(5);
            writer.updated();
            assertEquals(nowNs.get(), reader.updatedNs());
            for (final CounterLabel label : CounterLabel.values())
            {
                assertCounter(reader, label, 1_000);
                set(writer, label, -5);
                assertCounter(reader, label, -5);
            }
        }
    }

    @Test
    void shouldHaveDistinctTypeIdsAndLabelsWhenCountersArePerPriority()
    {
        final Set<Integer> typeIds = new HashSet<>();
        final Set<String> labels = new HashSet<>();
        int count = 0;
        for (final CounterLabel label : CounterLabel.values())
        {
            for (final Priority priority : Priority.values())
            {
                if (label.isPerPriority() || priority == Priority.CRITICAL)
                {
                    typeIds.add(label.typeId() + priority.code());
                    labels.add(label.label(label.isPerPriority() ? priority : null));
                    count++;
                }
            }
        }
        assertEquals(count, typeIds.size());
        assertEquals(count, labels.size());
        assertTrue(labels.contains("critical accepted"), labels.toString());
        assertTrue(count <= TelemetryFiles.MAX_COUNTERS);
    }

    @Test
    @SuppressWarnings("try")
    void shouldKeepDistinctErrorsWithTheirCountsWhenTheyRepeat()
    {
        try (TelemetryWriter writer = writer(1); TelemetryReader reader = reader())
        {
            assertEquals(List.of(), reader.errors());
            final IllegalStateException first = new IllegalStateException("first");
            for (int i = 0; i < 5; i++)
            {
                assertTrue(writer.error(first));
                nowNs.addAndGet(1_000_000);
            }
            writer.error(new IllegalArgumentException("second"));
            final List<ObservedError> errors = reader.errors();
            assertEquals(2, errors.size());
            assertEquals(5, errors.get(0).count());
            assertEquals(NOW_MS, errors.get(0).firstMs());
            assertEquals(NOW_MS + 4, errors.get(0).lastMs());
            assertTrue(errors.get(0).stackTrace().contains("first"), errors.get(0).stackTrace());
            assertEquals(1, errors.get(1).count());
            assertTrue(errors.get(1).stackTrace().contains("second"), errors.get(1).stackTrace());
            writer.close();
            assertFalse(writer.error(first), "a closed log takes nothing");
        }
    }

    @Test
    void shouldReadBackTheTableOfTypesWhenItIsReplaced()
    {
        try (TelemetryWriter writer = writer(1); TelemetryReader reader = reader())
        {
            assertEquals(List.of(), reader.types());
            writer.types("a.b\t1\t2\t3\t4\nc.d\t5\t6\t7\t8\n");
            assertEquals(
                List.of(new ObservedType("a.b", 1, 2, 3, 4), new ObservedType("c.d", 5, 6, 7, 8)), reader.types());
            writer.types("");
            assertEquals(List.of(), reader.types());
        }
    }

    @Test
    void shouldSayWhyAndGoOnWhenTheTableOfTypesCantBeWritten() throws Exception
    {
        try (TelemetryWriter writer = writer(1); TelemetryReader reader = reader())
        {
            assertNull(writer.types("a\t1\t1\t1\t1\n"));
            Files.createDirectory(telemetry().resolve("types.new"));
            final IOException failure = writer.types("a\t2\t2\t2\t2\n");
            assertTrue(failure.getMessage().contains("types.new"), failure.getMessage());
            assertEquals(1, reader.types().get(0).count(), "the old table stays");
            Files.delete(telemetry().resolve("types.new"));
            assertNull(writer.types("a\t3\t3\t3\t3\n"));
            assertEquals(3, reader.types().get(0).count());
        }
    }

    @Test
    void shouldReadBackWhatIsInTheWayOfTheStorage()
    {
        try (TelemetryWriter writer = writer(1); TelemetryReader reader = reader())
        {
            assertEquals("", reader.storageReason());
            writer.storageReason("the disk is full: ü");
            assertEquals("the disk is full: ü", reader.storageReason());
            writer.storageReason("x".repeat(5_000));
            assertEquals("x".repeat(TelemetryFiles.MAX_REASON_LENGTH), reader.storageReason());
            writer.storageReason("");
            assertEquals("", reader.storageReason());
        }
    }

    @Test
    void shouldShowWhatIsThereWhenTheWriterDiedWhileItWrote() throws Exception
    {
        try (TelemetryWriter writer = writer(1))
        {
            writer.storageReason("the disk is full");
        }
        try (FileChannel channel =
            FileChannel.open(TelemetryFiles.counters(telemetry()), StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(new byte[]{3}), TelemetryFiles.REASON_OFFSET);
        }
        try (TelemetryReader reader = reader())
        {
            assertEquals("the disk is full", reader.storageReason());
        }
    }

    @Test
    void shouldKeepShowingTheRunThatItOpenedWhenTheNextRunStarts()
    {
        try (TelemetryWriter first = writer(1); TelemetryReader old = reader())
        {
            first.set(CounterLabel.ERRORS, 5);
            nowNs.addAndGet(1_000_000_000L);
            try (TelemetryWriter second = writer(2); TelemetryReader fresh = reader())
            {
                second.set(CounterLabel.ERRORS, 9);
                assertEquals(1, old.runId());
                assertEquals(5, old.value(CounterLabel.ERRORS));
                assertEquals(2, fresh.runId());
                assertEquals(9, fresh.value(CounterLabel.ERRORS));
            }
        }
    }

    @Test
    void shouldBeReadableWhenTheRunHasEnded()
    {
        final TelemetryWriter writer = writer(3);
        writer.set(CounterLabel.ACCEPTED, 2, 44);
        final Histogram histogram = new Histogram(3);
        histogram.recordValue(5);
        writer.interval("low.handed", histogram);
        assertNull(writer.flush());
        writer.close();
        writer.close();
        try (TelemetryReader reader = reader())
        {
            assertEquals(44, reader.value(CounterLabel.ACCEPTED, Priority.NORMAL));
            assertFalse(reader.isAlive(), "this process has no thread of an engine");
        }
    }

    @Test
    void shouldSayThatNoEngineHasRunWhenThereIsNoTelemetry()
    {
        final EventStorageException ex = assertThrows(EventStorageException.class, this::reader);
        assertTrue(ex.getMessage().contains(root.toString()), ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 4095, 4096, 5000, 100_000})
    void shouldBeRefusedWhenCountersAreCutShort(final int length) throws Exception
    {
        writer(1).close();
        final Path file = telemetry().resolve("counters.dat");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        final EventStorageException ex = assertThrows(EventStorageException.class, this::reader);
        assertTrue(ex.getMessage().contains(file.toString()), ex.getMessage());
    }

    @Test
    void shouldBeRefusedWhenCountersAreForeignOrNewer() throws Exception
    {
        writer(1).close();
        final Path file = telemetry().resolve("counters.dat");
        final byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < 8; at++)
        {
            final byte[] foreign = bytes.clone();
            foreign[at]++;
            Files.write(file, foreign);
            assertThrows(EventStorageException.class, this::reader, "byte " + at);
        }
        Files.write(file, bytes);
        reader().close();
    }

    @Test
    void shouldBeRefusedWhenFilesCantBeMadeOrRead() throws Exception
    {
        Files.writeString(telemetry(), "a file where a directory should be");
        final EventStorageException ex = assertThrows(EventStorageException.class, () -> writer(1));
        assertTrue(ex.getMessage().contains(telemetry().toString()), ex.getMessage());
        Files.delete(telemetry());
        Files.createDirectories(telemetry().resolve("counters.dat"));
        assertThrows(EventStorageException.class, this::reader);
    }

    @Test
    void shouldNameTheFileWhenErrorsOrTypesCantBeRead() throws Exception
    {
        try (TelemetryWriter writer = writer(1); TelemetryReader reader = reader())
        {
            writer.updated();
            Files.delete(telemetry().resolve("errors.dat"));
            assertEquals(List.of(), reader.errors());
            Files.createDirectory(telemetry().resolve("errors.dat"));
            Files.createDirectory(telemetry().resolve("types.tsv"));
            assertTrue(
                assertThrows(EventStorageException.class, reader::errors).getMessage().contains("errors.dat"));
            assertTrue(
                assertThrows(EventStorageException.class, reader::types).getMessage().contains("types.tsv"));
        }
    }

    @Test
    void shouldReadTheProcessorsOfAThreadAsTheKernelTellsThem() throws Exception
    {
        assertTrue(AllowedCpus.ofThisThread().matches("[0-9,-]+"), AllowedCpus.ofThisThread());
        final Path status = Files.writeString(root.resolve("status"), "Name:\tx\nCpus_allowed_list:\t0-3,7\n");
        assertEquals("0-3,7", AllowedCpus.of(status));
        assertEquals("", AllowedCpus.of(Files.writeString(status, "Name:\tx\n")));
    }

    private static void set(final TelemetryWriter writer, final CounterLabel label, final long base)
    {
        if (label.isPerPriority())
        {
            for (int code = 0; code < Priority.COUNT; code++)
            {
                writer.set(label, code, base + label.ordinal() * 10L + code);
            }
        }
        else
        {
            writer.set(label, base + label.ordinal() * 10L);
        }
    }

    private static void assertCounter(final TelemetryReader reader, final CounterLabel label, final long base)
    {
        if (label.isPerPriority())
        {
            for (final Priority priority : Priority.values())
            {
                assertEquals(base + label.ordinal() * 10L + priority.code(), reader.value(label, priority));
            }
        }
        else
        {
            assertEquals(base + label.ordinal() * 10L, reader.value(label));
        }
    }

    private Path telemetry()
    {
        return new DataDirectory(root).telemetry();
    }

    private TelemetryWriter writer(final long runId)
    {
        return new TelemetryWriter(telemetry(), runId, nowNs::get);
    }

    private TelemetryReader reader()
    {
        return TelemetryReader.open(new DataDirectory(root));
    }
}
