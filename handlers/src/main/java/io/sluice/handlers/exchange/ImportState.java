package io.sluice.handlers.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/** How far an import has come, and what was asked of it. Not thread-safe. */
final class ImportState
{
    static final String KIND = "sluice-import 1";

    final Map<String, String> request;
    long records;
    long imported;
    long known;
    long duplicates;
    long filtered;
    long bad;
    long kept;
    /** Bytes that were read of the input, and the hash of the first ones. */
    long position;
    long headLength;
    String headHash = "";
    long rejectsPosition;
    /** The import has the journal up to here; what the run appended behind it comes from records behind. */
    long sequence;
    long runId;
    boolean isFinished;

    ImportState(final ImportContext context)
    {
        request = new LinkedHashMap<>();
        request.put("format", context.format().name());
        request.put("where", context.filter().text());
        request.put("keep-duplicates", Boolean.toString(context.keepDuplicates()));
        request.put("max-event-length", Integer.toString(context.maxEventLength()));
        request.put(
            "rejects", context.rejects() == null ? "" : context.rejects().toAbsolutePath().normalize().toString());
    }

    Map<String, String> values()
    {
        final Map<String, String> values = new LinkedHashMap<>(request);
        values.put("records", Long.toString(records));
        values.put("imported", Long.toString(imported));
        values.put("known", Long.toString(known));
        values.put("left-out", Long.toString(duplicates));
        values.put("filtered", Long.toString(filtered));
        values.put("bad", Long.toString(bad));
        values.put("kept", Long.toString(kept));
        values.put("position", Long.toString(position));
        values.put("head-length", Long.toString(headLength));
        values.put("head", headHash);
        values.put("rejects-position", Long.toString(rejectsPosition));
        values.put("sequence", Long.toString(sequence));
        values.put("run", Long.toString(runId));
        values.put("finished", Boolean.toString(isFinished));
        return values;
    }

    /** Take over what a checkpoint says; it must have been asked the same. */
    void take(final Map<String, String> values)
    {
        CheckpointFile.requireSame(request, values, "import", "or start again with restart (--restart)");
        records = Long.parseLong(values.get("records"));
        imported = Long.parseLong(values.get("imported"));
        known = Long.parseLong(values.get("known"));
        duplicates = Long.parseLong(values.get("left-out"));
        filtered = Long.parseLong(values.get("filtered"));
        bad = Long.parseLong(values.get("bad"));
        kept = Long.parseLong(values.get("kept"));
        position = Long.parseLong(values.get("position"));
        headLength = Long.parseLong(values.get("head-length"));
        headHash = values.get("head");
        rejectsPosition = Long.parseLong(values.get("rejects-position"));
        sequence = Long.parseLong(values.get("sequence"));
        runId = Long.parseLong(values.get("run"));
        isFinished = Boolean.parseBoolean(values.get("finished"));
    }

    ImportResult result()
    {
        return new ImportResult(records, imported, known, duplicates, filtered, bad, kept);
    }
}
