package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.TopicPattern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight years of events, a look of retention every four weeks, and after each the whole journal against a model. */
class RetentionCalendarTest
{
    private static final long DAY_NS = Duration.ofDays(1).toNanos();
    private static final int YEARS = 8;
    private static final int STEP_DAYS = 28;
    private static final String[] TYPES =
        {"sensor.read", "sensor.read", "sensor", "debug.trace.sql", "error", "error.db.timeout", "audit.login"};

    private static final class ModelFile
    {
        private final TreeMap<Long, Long> termBySequence = new TreeMap<>();
        private final TreeMap<Long, Long> lastTimeByTerm = new TreeMap<>();
        private final TreeSet<Long> expiredTerms = new TreeSet<>();

        void add(final long sequence, final long termNs, final long timeNs)
        {
            termBySequence.put(sequence, termNs);
            lastTimeByTerm.put(termNs, timeNs);
        }

        void expire(final long nowNs)
        {
            lastTimeByTerm.forEach((termNs, lastNs) ->
            {
                if (nowNs - lastNs >= termNs)
                {
                    expiredTerms.add(termNs);
                }
            });
        }

        void addPresent(final List<Long> present)
        {
            termBySequence.forEach((sequence, termNs) ->
            {
                if (!expiredTerms.contains(termNs))
                {
                    present.add(sequence);
                }
            });
        }
    }

    private final Random random = new Random(20261121);
    private final List<ModelFile> model = new ArrayList<>();
    private long nowNs = TestRecords.START_NS;
    private ArchiveFixture journal;

    @TempDir
    Path directory;

    @Test
    void shouldKeepExactlyWhatItMustWhenYearsPass() throws IOException
    {
        journal = new ArchiveFixture(directory);
        final int steps = YEARS * 365 / STEP_DAYS;
        JournalAppender appender = JournalAppender.open(context());
        long rewrites = 0;
        long removals = 0;
        try
        {
            for (int step = 0; step < steps; step++)
            {
                appendStep(appender);
                journal.awaitForced(appender);
                if (step % 30 == 29)
                {
                    appender.close();
                    appender = JournalAppender.open(context());
                }
                final PositionFile reader = holdBack(step, steps, appender.lastSequence());
                final ArchiveReport report = JournalArchive.archiveNow(context(), true);
                assertTrue(report.isSound(), () -> report.actions().toString());
                expireModel(reader == null ? Long.MAX_VALUE : reader.sequence(), report);
                check(step);
                rewrites += report.count(ArchiveAction.Kind.PRUNED);
                removals += report.count(ArchiveAction.Kind.REMOVED);
                if (reader != null)
                {
                    reader.close();
                }
            }
        }
        finally
        {
            appender.close();
        }
        assertTrue(removals > 8, "files removed: " + removals);
        // Four terms: of the first three a file is written anew, with the last one it goes.
        assertTrue(rewrites > 2 * steps && rewrites <= 3L * steps, "files written anew: " + rewrites);
    }

    private JournalContext context()
    {
        final ArchivePolicy policy = new ArchivePolicy()
            .thread(false)
            .retention(RetentionPolicy.standard().rule(TopicPattern.of("debug.**"), Duration.ofDays(7)));
        return journal.context().clock(() -> nowNs).rollAge(Duration.ofDays(3650)).archive(policy);
    }

    private void appendStep(final JournalAppender appender)
    {
        final ModelFile file = new ModelFile();
        model.add(file);
        appender.roll();
        final int events = 20 + random.nextInt(40);
        final long untilNs = nowNs + STEP_DAYS * DAY_NS;
        for (int i = 0; i < events; i++)
        {
            nowNs += random.nextLong(2 * STEP_DAYS * DAY_NS / events / 2);
            final String type = TYPES[random.nextInt(TYPES.length)];
            file.add(journal.append(appender, type, nowNs), termNs(type), nowNs);
        }
        nowNs = Math.max(nowNs, untilNs);
    }

    /** For a year a reader stands still, and nothing that it has not read may go; then it catches up. */
    private PositionFile holdBack(final int step, final int steps, final long lastSequence)
    {
        if (step < steps / 4)
        {
            return null;
        }
        final PositionFile reader = PositionFile.open(directory.resolve("positions").resolve("slow"));
        if (!reader.isSet() || step >= steps / 2)
        {
            reader.save(1, lastSequence);
        }
        return reader;
    }

    private void expireModel(final long readSequence, final ArchiveReport report)
    {
        long held = 0;
        for (final ModelFile file : model.subList(0, Math.max(0, model.size() - 2)))
        {
            if (file.termBySequence.lastKey() <= readSequence)
            {
                file.expire(nowNs);
            }
            else
            {
                final long before = file.expiredTerms.size();
                final TreeSet<Long> kept = new TreeSet<>(file.expiredTerms);
                file.expire(nowNs);
                held += file.expiredTerms.size() > before ? 1 : 0;
                file.expiredTerms.retainAll(kept);
            }
        }
        assertEquals(held, report.count(ArchiveAction.Kind.HELD));
        report.actions().stream().filter((action) -> action.kind() == ArchiveAction.Kind.HELD).forEach(
            (action) -> assertEquals(List.of("slow"), action.readers()));
    }

    private void check(final int step)
    {
        final List<Long> expected = new ArrayList<>();
        model.forEach((file) -> file.addPresent(expected));
        final List<Long> read = new ArrayList<>();
        final long[] expired = {0};
        try (JournalTailer tailer = JournalTailer.open(new TailerContext()
            .directory(directory)
            .expiredRangeListener((first, last) -> expired[0] += last - first + 1)))
        {
            while (tailer.poll((event) -> read.add(event.sequence()), 1000) > 0)
            {
                continue;
            }
        }
        assertEquals(expected, read, "step " + step);
        final long last = read.get(read.size() - 1);
        assertEquals(last - read.size(), expired[0], "step " + step);
        final VerifyReport verified = JournalVerifier.verify(directory);
        assertEquals(List.of(), verified.findings(), "step " + step);
        assertEquals(read.size(), verified.events());
        assertEquals(expired[0], verified.expired());
        assertEquals(0, verified.gaps());
    }

    private static long termNs(final String type)
    {
        return DAY_NS * (type.startsWith("debug") ? 7 : type.startsWith("error") ? 365 :
            type.startsWith("audit") ? 2555 : 90);
    }
}
