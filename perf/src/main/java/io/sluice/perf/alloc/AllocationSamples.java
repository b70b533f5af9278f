package io.sluice.perf.alloc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Says what the watched threads allocate and where, by a flight recording. Its own cost is not in any figure. */
final class AllocationSamples
{
    private static final String EVENT = "jdk.ObjectAllocationSample";
    private static final int FRAMES = 8;
    private static final int MOST = 20;

    private AllocationSamples()
    {
    }

    /**
     * Record while something runs.
     *
     * @param file    to keep the recording in.
     * @param running to run.
     * @return the places that allocate most, with samples and estimated bytes; empty if no sample hit a watched thread.
     */
    static List<String> record(final Path file, final Runnable running)
    {
        try (Recording recording = new Recording())
        {
            recording.enable(EVENT).with("throttle", "10000/s").withStackTrace();
            recording.start();
            running.run();
            recording.stop();
            recording.dump(file);
            return places(file);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> places(final Path file) throws IOException
    {
        final Map<String, long[]> places = new HashMap<>();
        try (RecordingFile recording = new RecordingFile(file))
        {
            while (recording.hasMoreEvents())
            {
                final RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals(EVENT) && event.getThread() != null &&
                    event.getThread().getJavaName() != null &&
                    AllocationMeter.isWatched(event.getThread().getJavaName()))
                {
                    final long[] sums = places.computeIfAbsent(place(event), (place) -> new long[2]);
                    sums[0]++;
                    sums[1] += event.getLong("weight");
                }
            }
        }
        final List<Map.Entry<String, long[]>> sorted = new ArrayList<>(places.entrySet());
        sorted.sort((a, b) -> Long.compare(b.getValue()[1], a.getValue()[1]));
        final List<String> lines = new ArrayList<>();
        for (final Map.Entry<String, long[]> place : sorted.subList(0, Math.min(MOST, sorted.size())))
        {
            lines.add(String.format(
                Locale.ROOT, "%,d bytes in %d samples: %s", place.getValue()[1], place.getValue()[0], place.getKey()));
        }
        return lines;
    }

    private static String place(final RecordedEvent event)
    {
        final StringBuilder text = new StringBuilder();
        text.append(event.getClass("objectClass").getName()).append(" on ").append(event.getThread().getJavaName());
        if (event.getStackTrace() != null)
        {
            final List<RecordedFrame> frames = event.getStackTrace().getFrames();
            for (final RecordedFrame frame : frames.subList(0, Math.min(FRAMES, frames.size())))
            {
                text.append(" < ").append(frame.getMethod().getType().getName()).append('.')
                    .append(frame.getMethod().getName()).append(':').append(frame.getLineNumber());
            }
        }
        return text.toString();
    }
}
