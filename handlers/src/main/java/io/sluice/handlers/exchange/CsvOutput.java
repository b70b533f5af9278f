package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;

/** Writes {@link CsvFormat}. Not thread-safe. */
final class CsvOutput implements EventOutput
{
    static final CSVFormat FORMAT = CSVFormat.RFC4180.builder().setQuoteMode(QuoteMode.ALL_NON_NULL).get();

    private final OutputStream stream;
    private final EventRow row = new EventRow();
    private final StringBuilder line = new StringBuilder(1024);
    private final CSVPrinter printer;

    CsvOutput(final OutputTarget target) throws IOException
    {
        stream = target.stream();
        printer = new CSVPrinter(line, FORMAT);
        if (target.position() == 0)
        {
            for (final CsvColumn column : CsvColumn.values())
            {
                printer.print(column.label());
            }
            endRow();
        }
    }

    @Override
    public void write(final EventFlyweight event) throws IOException
    {
        row.from(event);
        for (final CsvColumn column : CsvColumn.values())
        {
            printer.print(column.get(row));
        }
        endRow();
    }

    @Override
    public void finish()
    {
        // The last row is complete.
    }

    private void endRow() throws IOException
    {
        printer.println();
        stream.write(line.toString().getBytes(StandardCharsets.UTF_8));
        line.setLength(0);
    }
}
