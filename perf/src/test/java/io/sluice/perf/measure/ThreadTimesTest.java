package io.sluice.perf.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadTimesTest
{
    @TempDir
    private Path tasks;
    private long nowNs;

    @Test
    void shouldTellWhatAnEventTookWhenThreadsRan() throws IOException
    {
        thread(10, "sluice-engine", 5_000_000, 1_000_000);
        thread(11, "java", 1_000_000, 0);
        final ThreadTimes times = new ThreadTimes(tasks, () -> nowNs);
        times.begin();
        nowNs += 10_000_000;
        thread(10, "sluice-engine", 9_000_000, 3_000_000);
        thread(11, "java", 7_000_000, 0);
        thread(12, "java", 2_000_000, 0);
        times.end();

        assertEquals("processor time of an event 12.00 us (java 8.00, sluice-engine 4.00); ready and without a " +
            "processor sluice-engine 20 % of the time", times.perEvent(1000));
        assertEquals("on a processor java 80 %, sluice-engine 40 %; ready and without a processor sluice-engine 20 % " +
            "of the time", times.partOfTime());
        assertEquals(Runtime.getRuntime().availableProcessors() * 1e9 / 12_000, times.mostPerSecond(1000), 1);
    }

    @Test
    void shouldAddUpWhenThereAreSeveralParts() throws IOException
    {
        final ThreadTimes times = new ThreadTimes(tasks, () -> nowNs);
        for (int part = 0; part < 2; part++)
        {
            thread(10, "java", 0, 0);
            times.begin();
            nowNs += 4_000_000;
            thread(10, "java", 1_000_000, 0);
            times.end();
        }

        assertEquals(2_000_000, times.processorNs());
        assertEquals("on a processor java 25 %; ready and without a processor nobody", times.partOfTime());
    }

    @Test
    void shouldSayThatItDoesNotKnowWhenTheSystemDoesNotTell() throws IOException
    {
        final ThreadTimes times = new ThreadTimes(tasks.resolve("missing"), () -> nowNs);
        times.begin();
        times.end();
        thread(10, "java", 1, 0);
        Files.writeString(tasks.resolve("10").resolve("schedstat"), "not numbers");
        final ThreadTimes others = new ThreadTimes(tasks, () -> nowNs);
        others.begin();
        others.end();

        assertEquals("this system does not tell what its threads did", times.perEvent(1));
        assertEquals("this system does not tell what its threads did", others.partOfTime());
        assertTrue(Double.isNaN(times.mostPerSecond(1)));
    }

    private void thread(final int id, final String name, final long ranNs, final long waitedNs) throws IOException
    {
        final Path directory = Files.createDirectories(tasks.resolve(Integer.toString(id)));
        Files.writeString(directory.resolve("comm"), name + "\n");
        Files.writeString(directory.resolve("schedstat"), ranNs + " " + waitedNs + " 7\n");
    }
}
