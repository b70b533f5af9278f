package io.sluice.handlers.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/** How far an export has come, and what was asked of it. Not thread-safe. */
final class ExportState
{
    static final String KIND = "sluice-export 1";

    /** What was asked, by the names that the options have. */
    final Map<String, String> request;
    /** Range, once it is known. */
    long first = 1;
    long last;
    /** Last record that was looked at, and its run. */
    long sequence;
    long runId;
    long events;
    long duplicates;
    /** Bytes of the file and of the scratch file that belong to it. */
    long position;
    long scratchPosition;
    /** Hash of the last bytes before the position. */
    long tail;
    /** Of the output. */
    String output = "";
    boolean isFinished;

    ExportState(final Map<String, String> request)
    {
        this.request = request;
    }

    static Map<String, String> requestOf(final ExportContext context)
    {
        final Map<String, String> request = new LinkedHashMap<>();
        request.put("format", context.format().name());
        request.put("from", context.fromText());
        request.put("to", context.toText());
        request.put("where", context.filter().text());
        request.put("portable", Boolean.toString(context.portable()));
        request.put("duplicates", Boolean.toString(context.duplicates()));
        return request;
    }

    Map<String, String> values()
    {
        final Map<String, String> values = new LinkedHashMap<>(request);
        values.put("first", Long.toString(first));
        values.put("last", Long.toString(last));
        values.put("sequence", Long.toString(sequence));
        values.put("run", Long.toString(runId));
        values.put("events", Long.toString(events));
        values.put("left-out", Long.toString(duplicates));
        values.put("position", Long.toString(position));
        values.put("scratch", Long.toString(scratchPosition));
        values.put("tail", Long.toString(tail));
        values.put("output", output);
        values.put("finished", Boolean.toString(isFinished));
        return values;
    }

    /** Take over what a checkpoint says; it must have been asked the same. */
    void take(final Map<String, String> values)
    {
        CheckpointFile.requireSame(request, values, "export", "or start again with overwrite");
        first = Long.parseLong(values.get("first"));
        last = Long.parseLong(values.get("last"));
        sequence = Long.parseLong(values.get("sequence"));
        runId = Long.parseLong(values.get("run"));
        events = Long.parseLong(values.get("events"));
        duplicates = Long.parseLong(values.get("left-out"));
        position = Long.parseLong(values.get("position"));
        scratchPosition = Long.parseLong(values.get("scratch"));
        tail = Long.parseLong(values.get("tail"));
        output = values.get("output");
        isFinished = Boolean.parseBoolean(values.get("finished"));
    }

    ExportResult result()
    {
        return new ExportResult(events, duplicates, first, last, position);
    }
}
