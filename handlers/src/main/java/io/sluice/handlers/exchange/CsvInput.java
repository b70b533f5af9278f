package io.sluice.handlers.exchange;

import io.sluice.event.EventException;
import io.sluice.handlers.source.LineReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads {@link CsvFormat}. Columns may be in any order, and only {@code type} is required. A row ends at the first line
 * end at which its quotes are even, and is parsed on its own: what is wrong with it stays within it. A quote that is
 * never closed takes rows with it up to the limit of a record; they are one bad record, and its text is all of them.
 *
 * <p>Not thread-safe.
 */
final class CsvInput implements EventInput
{
    private static final CSVFormat FORMAT = CSVFormat.RFC4180;

    private final LineReader lines;
    private final int maxLength;
    private final String name;
    private final EventRow row = new EventRow();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    private List<CsvColumn> columns;
    private long firstLine;
    private String damage = "";

    CsvInput(final InputSource source) throws IOException
    {
        maxLength = source.maxRecordLength();
        lines = new LineReader(source.channel(), maxLength);
        name = source.name();
        readHeader();
    }

    @Override
    public boolean next(final InputRecord record) throws IOException
    {
        if (!nextRow())
        {
            return false;
        }
        record.at(LineInput.LINE, firstLine);
        try
        {
            if (!damage.isEmpty())
            {
                throw new EventException(damage);
            }
            read(record);
        }
        catch (final EventException ex)
        {
            final byte[] text = bytes.toByteArray();
            record.bad(ex.getMessage(), text, 0, text.length);
        }
        return true;
    }

    @Override
    public long skip(final long count, final InputRecord record) throws IOException
    {
        long skipped = 0;
        while (skipped < count && nextRow())
        {
            skipped++;
        }
        return skipped;
    }

    private void readHeader() throws IOException
    {
        columns = new ArrayList<>();
        if (!nextRow())
        {
            return;
        }
        final String all = Arrays.stream(CsvColumn.values()).map(CsvColumn::label).collect(Collectors.joining(", "));
        final Set<CsvColumn> seen = EnumSet.noneOf(CsvColumn.class);
        for (final String title : parseHeader())
        {
            final CsvColumn column = CsvColumn.named(title);
            if (column == null || !seen.add(column))
            {
                throw new ExchangeException(
                    name + ": column '" + title + "' of the header is " +
                    (column == null ? "not known" : "there twice") + ": use " + all);
            }
            columns.add(column);
        }
        if (!seen.contains(CsvColumn.TYPE))
        {
            throw new ExchangeException(name + ": the header has no column type, which every event needs: use " + all);
        }
    }

    private CSVRecord parseHeader()
    {
        try
        {
            return parse();
        }
        catch (final EventException ex)
        {
            throw new ExchangeException(name + ": the header is not valid: " + ex.getMessage(), ex);
        }
    }

    private void read(final InputRecord record)
    {
        final CSVRecord values = parse();
        if (values.size() != columns.size())
        {
            throw new EventException(
                "the row has " + values.size() + " values for " + columns.size() +
                " columns: quote commas, and leave an absent value empty");
        }
        row.clear();
        for (int i = 0; i < columns.size(); i++)
        {
            final String value = values.get(i);
            if (!value.isEmpty())
            {
                columns.get(i).set(row, value);
            }
        }
        CsvColumn.finish(row);
        row.to(record);
    }

    private CSVRecord parse()
    {
        try (CSVParser parser = CSVParser.parse(decode(), FORMAT))
        {
            final List<CSVRecord> records = parser.getRecords();
            if (records.size() != 1)
            {
                throw new EventException("it is " + records.size() + " rows where one is expected: check the quotes");
            }
            return records.get(0);
        }
        catch (final IOException | UncheckedIOException | IllegalStateException ex)
        {
            throw new EventException("the row is no CSV: " + reason(ex) + "; double each quote within quotes", ex);
        }
    }

    // The place is told by whoever reads the file.
    private static String reason(final Exception ex)
    {
        final Throwable shown = ex instanceof UncheckedIOException ? ex.getCause() : ex;
        return String.valueOf(shown.getMessage()).replaceFirst(" at line: .*", "");
    }

    private String decode()
    {
        try
        {
            return decoder.reset().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        }
        catch (final CharacterCodingException ex)
        {
            throw new EventException("the row is not UTF-8, convert the file", ex);
        }
    }

    /** Collect the lines of a row, without the end of the last one. */
    private boolean nextRow() throws IOException
    {
        bytes.reset();
        damage = "";
        boolean isOpen = false;
        String end = "";
        while (lines.next())
        {
            if (bytes.size() == 0 && !isOpen)
            {
                if (lines.isBlank())
                {
                    continue;
                }
                firstLine = lines.number();
            }
            bytes.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
            bytes.write(lines.bytes(), 0, lines.length());
            isOpen ^= hasOddQuotes();
            end = lines.end();
            if (lines.isTooLong() || isOpen && bytes.size() > maxLength)
            {
                damage = "the row has more than " + maxLength + " bytes, too many for an event: is a quote not closed?";
                return true;
            }
            if (!isOpen)
            {
                return true;
            }
        }
        if (isOpen)
        {
            bytes.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
            damage = "a quote is not closed before the end of the file: close it, or double a quote within quotes";
        }
        return isOpen;
    }

    private boolean hasOddQuotes()
    {
        boolean isOdd = false;
        for (int i = 0; i < lines.length(); i++)
        {
            isOdd ^= lines.bytes()[i] == '"';
        }
        return isOdd;
    }
}
