package io.sluice.engine.telemetry;

import java.nio.file.Path;
import org.agrona.concurrent.status.CountersReader;

/**
 * Names and layouts of the mapped files.
 *
 * <pre>
 *   counters.dat   0        8        16       24       32       40     1024     4096             4096 + metadata
 *                  +--------+--------+--------+--------+--------+------+--------+----------------+----------------+
 *                  | magic  | pid    | run id |started |updated |      | reason | Agrona counter | Agrona counter |
 *                  |version |        |        | ns     | ns     |      |        | metadata       | values         |
 *                  +--------+--------+--------+--------+--------+------+--------+----------------+----------------+
 *   reason         0        8        12       16              3072
 *                  +--------+--------+--------+-----------------+
 *                  | change | length |        | UTF-8           |
 *                  | number | bytes  |        |                 |
 *                  +--------+--------+--------+-----------------+
 *   errors.dat     an Agrona distinct error log from its first byte on
 * </pre>
 *
 * The reason is what is in the way of the storage; its change number is odd while it changes. The magic number is
 * written last, so a reader never sees a half-made file.
 */
final class TelemetryFiles
{
    static final long MAGIC_AND_VERSION = 0x0001_7465_6C65_6D31L;
    static final int MAGIC_OFFSET = 0;
    static final int PID_OFFSET = 8;
    static final int RUN_ID_OFFSET = 16;
    static final int STARTED_OFFSET = 24;
    static final int UPDATED_OFFSET = 32;
    static final int REASON_OFFSET = 1024;
    static final int REASON_LENGTH_OFFSET = REASON_OFFSET + 8;
    static final int REASON_TEXT_OFFSET = REASON_OFFSET + 16;
    static final int HEADER_LENGTH = 4096;
    static final int MAX_REASON_LENGTH = HEADER_LENGTH - REASON_TEXT_OFFSET;
    static final int MAX_COUNTERS = 256;
    static final int COUNTERS_LENGTH =
        HEADER_LENGTH + MAX_COUNTERS * (CountersReader.METADATA_LENGTH + CountersReader.COUNTER_LENGTH);
    static final int ERRORS_LENGTH = 1 << 20;

    private TelemetryFiles()
    {
    }

    static Path counters(final Path telemetry)
    {
        return telemetry.resolve("counters.dat");
    }

    static Path errors(final Path telemetry)
    {
        return telemetry.resolve("errors.dat");
    }

    static Path types(final Path telemetry)
    {
        return telemetry.resolve("types.tsv");
    }
}
