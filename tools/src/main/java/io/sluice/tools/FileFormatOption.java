package io.sluice.tools;

import io.sluice.handlers.exchange.EventFormat;
import io.sluice.handlers.exchange.EventFormats;
import picocli.CommandLine;

/** The option that names the format of a file. */
final class FileFormatOption
{
    @CommandLine.Option(
        names = "--format",
        paramLabel = "FORMAT",
        description = "ndjson, cloudevents (one a line), cloudevents-batch, csv, parquet, or one on the class path " +
            "(default: by the ending of FILE: .ndjson or .jsonl, .cloudevents, .json, .csv, .parquet; ndjson for -).")
    private String format;

    /**
     * @param formats  that there are.
     * @param file     whose ending tells where no format is given.
     * @param isStream true for a standard stream, which has no ending.
     * @return the format.
     */
    EventFormat format(final EventFormats formats, final String file, final boolean isStream)
    {
        if (format != null)
        {
            return formats.named(format);
        }
        return isStream ? formats.named(EventFormats.NDJSON) : formats.ofFile(file);
    }
}
