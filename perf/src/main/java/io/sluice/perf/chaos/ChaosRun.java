package io.sluice.perf.chaos;

import io.sluice.engine.ThreadingMode;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Life after life on one data directory, until all of it is brought to rest, checked and thrown away, and the next
 * directory begins. Ends with the time, or with the first directory on which something was wrong; that one is kept.
 */
final class ChaosRun
{
    private static final int LIVES_PER_DIRECTORY = 10;
    private static final int EVENTS_PER_DIRECTORY = 60_000;
    private static final int EVENTS_PER_S = 4_000;
    private static final long FIRST_START_NS = 900_000_000L;
    // More than one child can have taken and not yet journaled.
    private static final int NUMBERS_LEFT_OUT = 1 << 13;

    private final RawOutput output;
    private final PrintStream progress;
    private final long seed;
    private final int hangMs;
    private final int mostMs;
    private final Random random;
    private final ChaosCounts counts = new ChaosCounts();
    private final ChaosFindings findings = new ChaosFindings();
    private final List<KillPhase> bag = new ArrayList<>();
    private long startNs = FIRST_START_NS;

    /**
     * @param seed   of everything random.
     * @param hangMs how long a hanging call hangs, milliseconds.
     * @param mostMs that a child runs before it is killed, milliseconds.
     */
    ChaosRun(
        final RawOutput output, final PrintStream progress, final long seed, final int hangMs, final int mostMs)
    {
        this.output = output;
        this.progress = progress;
        this.seed = seed;
        this.hangMs = hangMs;
        this.mostMs = mostMs;
        random = new Random(seed);
    }

    /**
     * Play.
     *
     * @param durationNs after which no further child is killed.
     * @return what was found.
     */
    ChaosResult play(final long durationNs)
    {
        final long beginNs = System.nanoTime();
        do
        {
            playDirectory(beginNs + durationNs);
        }
        while (findings.isOk() && System.nanoTime() - beginNs < durationNs);
        final double minutes = (System.nanoTime() - beginNs) / (double)TimeUnit.MINUTES.toNanos(1);
        return new ChaosResult(seed, minutes, counts, findings);
    }

    private void playDirectory(final long deadlineNs)
    {
        final Path scratch = output.scratch("chaos");
        final Path directory = scratch.resolve("data");
        makeDirectory(scratch);
        final ChaosLedger ledger = new ChaosLedger(findings, counts);
        final JournalCheck check = new JournalCheck(directory, ledger, findings);
        long number = 0;
        counts.directories++;
        for (int life = 0; findings.isOk() && life < LIVES_PER_DIRECTORY && check.events() < EVENTS_PER_DIRECTORY &&
            (life < KillPhase.values().length || System.nanoTime() - deadlineNs < 0); life++)
        {
            final KillPhase phase = nextPhase();
            final long bornNs = System.nanoTime();
            final boolean isKilled = new ChaosLife(orders(scratch, ledger, number, false), ledger, findings, random)
                .liveUntilKilled(phase, startNs, mostMs);
            check.checkJournal();
            number = Math.max(number, check.greatestNumber()) + NUMBERS_LEFT_OUT;
            tally(isKilled, ledger.step());
            progress.printf("directory %d, life %d: %s while it was %s after %d ms, %,d events, %s%n",
                counts.directories, life + 1, isKilled ? "killed" : "closed", ledger.step(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - bornNs), check.events(),
                findings.isOk() ? "all right" : findings.total() + " violations");
        }
        if (findings.isOk())
        {
            new ChaosLife(orders(scratch, ledger, number, true), ledger, findings, random).liveUntilAtRest(check);
            counts.lives++;
            check.checkJournal();
            check.checkDeliveries(true);
            progress.printf("directory %d: at rest, %,d events, %,d dead letters, %s%n", counts.directories,
                check.events(), check.deadLetters(), findings.isOk() ? "all right" : findings.total() + " violations");
        }
        counts.journaled += check.events();
        counts.deadLetters += check.deadLetters();
        if (findings.isOk())
        {
            output.discard(scratch);
        }
        else
        {
            progress.println("kept: " + directory);
            findings.messages().forEach(progress::println);
        }
    }

    private void tally(final boolean isKilled, final ChaosLedger.Step step)
    {
        counts.lives++;
        if (isKilled)
        {
            counts.kill(step == ChaosLedger.Step.STARTING ? KillPhase.START :
                step == ChaosLedger.Step.RUNNING ? KillPhase.PUBLISH :
                step == ChaosLedger.Step.CHANGING ? KillPhase.CHANGE : KillPhase.CLOSE);
        }
    }

    private ChildOrders orders(
        final Path scratch, final ChaosLedger ledger, final long number, final boolean isFinish)
    {
        return new ChildOrders(
            scratch.resolve("data"),
            scratch.resolve("life.log"),
            random.nextBoolean() ? ThreadingMode.DEDICATED : ThreadingMode.PAIRED,
            random.nextLong(),
            number,
            !ledger.wasRunning(),
            isFinish,
            EVENTS_PER_S,
            hangMs);
    }

    // Each phase has its turn before any has its next.
    private KillPhase nextPhase()
    {
        if (bag.isEmpty())
        {
            bag.addAll(List.of(KillPhase.values()));
            Collections.shuffle(bag, random);
        }
        return bag.remove(bag.size() - 1);
    }

    private static void makeDirectory(final Path directory)
    {
        try
        {
            Files.createDirectories(directory);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't make " + directory + ": " + e.getMessage(), e);
        }
    }
}
