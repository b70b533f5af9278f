package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.handlers.source.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFormatsTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldFindTheFormatsOfSluiceWhenTheyAreLoaded()
    {
        final EventFormats formats = EventFormats.load();
        assertEquals(List.of("ndjson", "cloudevents", "cloudevents-batch", "csv", "parquet"), formats.names());
        assertEquals("cloudevents-batch", formats.ofFile("/a/B.JSON").name());
        assertEquals("csv", formats.named("CSV").name());
        assertThrows(ExchangeRefusedException.class, () -> formats.named("types"));
        assertThrows(ExchangeRefusedException.class, () -> formats.ofFile("x.types"));
    }

    @Test
    void shouldWriteAndReadAUsersFormatWhenItWasAdded() throws Exception
    {
        final EventFormats formats = EventFormats.load().add(new TypesFormat());
        assertEquals("types", formats.names().get(0));
        final Path journal = directory.resolve("journal");
        JournalFixture.append(journal, (appending) ->
        {
            appending.add(new EventBuilder().type("a.b").id("1"));
            appending.add(new EventBuilder().type("c").id("2"));
        });
        final Path file = directory.resolve("x.types");
        JournalExport.run(new ExportContext().directory(journal).file(file).format(formats.ofFile("x.types")));
        assertEquals("a.b\nc\n", Files.readString(file));
        Files.writeString(file, "d..e\n", java.nio.file.StandardOpenOption.APPEND);

        final Path other = directory.resolve("other");
        assertEquals(
            new ImportResult(3, 2, 0, 0, 0, 1, 0),
            JournalImport.run(new ImportContext().directory(other).file(file).format(formats.named("types"))));
        assertTrue(JournalFixture.assertSound(other) == 2);
    }

    /** A format of somebody who wants the types only. */
    private static final class TypesFormat implements EventFormat
    {
        @Override
        public String name()
        {
            return "types";
        }

        @Override
        public List<String> endings()
        {
            return List.of(".types");
        }

        @Override
        public EventOutput openOutput(final OutputTarget target)
        {
            return new EventOutput()
            {
                @Override
                public void write(final EventFlyweight event) throws IOException
                {
                    target.stream().write((event.type() + "\n").getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public void finish()
                {
                    // Each line is complete.
                }
            };
        }

        @Override
        public EventInput openInput(final InputSource source)
        {
            final LineReader lines = new LineReader(source.channel(), source.maxRecordLength());
            return (record) ->
            {
                if (!lines.next())
                {
                    return false;
                }
                record.at("line", lines.number());
                final String type = new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
                try
                {
                    record.event().clear().type(type);
                }
                catch (final EventValidationException ex)
                {
                    record.bad(ex.getMessage(), lines.bytes(), 0, lines.length());
                }
                return true;
            };
        }
    }
}
