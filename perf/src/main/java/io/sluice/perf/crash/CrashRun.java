package io.sluice.perf.crash;

import io.sluice.engine.ThreadingMode;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalPhase;
import io.sluice.journal.JournalPhaseListener;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Plays the rounds. One child per round: it opens the directory that the last one left, which is the restart of
 * that round; the journal is checked against the ledger once redelivery is over; then it publishes and is killed,
 * or was killed before. A new directory begins with each kill in the first creation; the old one gets a last
 * restart, check and close. The next JVM starts while the current one works.
 */
final class CrashRun
{
    private static final long CHILD_TIMEOUT_S = 60;
    // The default of the engine, less what its rounding to milliseconds may take.
    private static final long CONTENT_WINDOW_NS = 990_000_000L;
    private static final int SPARE_ROUNDS = 16;
    private static final long ARCHIVE_PATIENCE_NS = 3_000_000_000L;
    // What fails that often tells nothing new.
    private static final int MAX_FAILED_ROUNDS = 10;
    private static final int PROGRESS_EVERY = 10;
    private static final ThreadingMode[] MODES = {ThreadingMode.SHARED, ThreadingMode.PAIRED, ThreadingMode.DEDICATED};
    private static final JournalPhase[] PHASES = JournalPhase.values();

    private final RawOutput output;
    private final PrintStream progress;
    private final long seed;
    private final Random random;
    private final PhaseTally tally;
    private final PhaseSteps steps = new PhaseSteps();
    private final CrashFindings total = new CrashFindings();
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor((task) ->
    {
        final Thread thread = new Thread(task, "perf-watchdog");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<CrashPhase, Integer> late = new EnumMap<>(CrashPhase.class);
    private int rounds;
    private int failedRounds;
    private int children;
    private long acknowledged;
    private long handled;
    private long redelivered;
    private long archived;
    private ChildProcess spare;
    private Path directory;
    private Ledger ledger;
    private long nextAttempt;
    private boolean hasRun;

    private CrashRun(final RawOutput output, final PrintStream progress, final int rounds, final long seed)
    {
        this.output = output;
        this.progress = progress;
        this.seed = seed;
        random = new Random(seed);
        tally = new PhaseTally(rounds);
    }

    /**
     * Play rounds.
     *
     * @param output   for the data directories.
     * @param progress to tell people.
     * @param rounds   to play; a few more if a phase got too few.
     * @param seed     of everything random.
     * @return what came out.
     */
    static CrashResult play(final RawOutput output, final PrintStream progress, final int rounds, final long seed)
    {
        final CrashRun run = new CrashRun(output, progress, rounds, seed);
        try
        {
            run.spare = run.startChild();
            while (run.goesOn(rounds))
            {
                run.playRound(run.tally.deficit() >= rounds - run.rounds);
                if (run.rounds % PROGRESS_EVERY == 0)
                {
                    progress.println("round " + run.rounds + " of " + rounds + ", acknowledged " + run.acknowledged);
                }
            }
            run.finishDirectory();
            progress.println("handler calls: " + run.handled + ", redelivered after a restart: " + run.redelivered +
                ", files archived: " + run.archived + ", kills that did not land where they were meant to: " + run.late);
            return new CrashResult(run.rounds, run.acknowledged, run.total, run.tally, run.tally.deficit() == 0);
        }
        finally
        {
            run.watchdog.shutdownNow();
            if (run.spare != null)
            {
                run.spare.close();
            }
        }
    }

    private boolean goesOn(final int wanted)
    {
        final boolean isShort = rounds < wanted || tally.deficit() > 0 && rounds < wanted + SPARE_ROUNDS;
        return isShort && failedRounds < MAX_FAILED_ROUNDS;
    }

    private void playRound(final boolean isSure)
    {
        final CrashPhase target = tally.next(directory != null && hasRun, random);
        if (target == CrashPhase.FIRST_CREATION || directory == null)
        {
            finishDirectory();
            directory = output.scratch("crash");
            ledger = new Ledger();
            nextAttempt = 0;
            hasRun = false;
        }
        final KillPlan plan = KillPlan.draw(target, steps, isSure, random);
        final ChildProcess child = spare;
        child.send(command(plan).toLine());
        spare = startChild();
        rounds++;
        final CrashFindings findings = new CrashFindings();
        try
        {
            final ScheduledFuture<?> timeout = watchdog.schedule(child::abort, CHILD_TIMEOUT_S, TimeUnit.SECONDS);
            final Round round = new Round(child, plan, findings);
            round.play();
            timeout.cancel(false);
            if (child.isAborted())
            {
                findings.failure("the child hung for " + CHILD_TIMEOUT_S + " s");
            }
            else if (!child.awaitKilled() || !round.isKilled)
            {
                findings.failure(
                    "the child ended by itself with exit code " + child.exitCode() + ": " + child.errorText());
            }
            tally.count(round.landed());
            late.merge(target, round.landed() == target ? 0 : 1, Integer::sum);
            hasRun |= round.isRunning;
        }
        finally
        {
            steps.onKill();
            child.close();
        }
        judge(findings);
    }

    private void finishDirectory()
    {
        if (directory == null)
        {
            return;
        }
        final CrashFindings findings = new CrashFindings();
        final ScheduledFuture<?> timeout = watchdog.schedule(spare::abort, CHILD_TIMEOUT_S, TimeUnit.SECONDS);
        final Round round = new Round(spare, null, findings);
        spare.send(command(null).toLine());
        round.play();
        timeout.cancel(false);
        if (!round.isFinished)
        {
            findings.failure(spare.isAborted() ? "the last restart hung for " + CHILD_TIMEOUT_S + " s" :
                "the last restart failed with exit code " + spare.exitCode() + ": " + spare.errorText());
            spare.close();
            spare = startChild();
        }
        else
        {
            // Once more, from a journal that was closed in order.
            findings.add(LedgerCheck.check(ledger, JournalImage.read(directory, findings), CONTENT_WINDOW_NS));
            archived += JournalArchive.list(directory).size();
        }
        if (judge(findings))
        {
            output.discard(directory);
        }
        directory = null;
    }

    // A directory with something wrong is kept as it is, and left alone.
    private boolean judge(final CrashFindings findings)
    {
        total.add(findings);
        if (findings.isOk())
        {
            return true;
        }
        failedRounds++;
        progress.println("round " + rounds + " of --seed " + seed + " failed; kept " + directory);
        for (final String message : findings.messages())
        {
            progress.println("  " + message);
        }
        output.writeText("failed-round-" + rounds + ".txt",
            "seed " + seed + "\ndirectory " + directory + "\n" + String.join("\n", findings.messages()));
        directory = null;
        return false;
    }

    private ChildCommand command(final KillPlan plan)
    {
        final boolean isHold = plan != null && plan.trigger() == KillPlan.Trigger.HOLD;
        return new ChildCommand(
            directory,
            MODES[random.nextInt(MODES.length)],
            random.nextLong(),
            nextAttempt,
            plan == null,
            plan == null ? null : plan.target().journalPhase(),
            isHold,
            isHold ? plan.holdStep() : 0,
            isHold ? plan.occurrence() : 0);
    }

    private ChildProcess startChild()
    {
        return ChildProcess.start(output.directory().resolve("child-" + children++ + ".err"));
    }

    /** One life of a child, from its command to its death or to the close of its engine. */
    private final class Round
    {
        private final ChildProcess child;
        private final CrashFindings findings;
        private KillPlan plan;
        private final Set<CrashPhase> open = EnumSet.noneOf(CrashPhase.class);
        private CrashPhase held;
        private int occurrences;
        private boolean isNewDirectory;
        private boolean isRunning;
        private boolean isKilled;
        private boolean isFinished;

        private Round(final ChildProcess child, final KillPlan plan, final CrashFindings findings)
        {
            this.child = child;
            this.plan = plan;
            this.findings = findings;
        }

        private void play()
        {
            ledger.startRun();
            try
            {
                playUntilEnd();
            }
            catch (final UncheckedIOException e)
            {
                findings.failure(e.getMessage());
                kill();
            }
        }

        private void playUntilEnd()
        {
            Frame frame = child.read();
            while (frame != null && !isFinished)
            {
                take(frame);
                if (!isKilled)
                {
                    act(frame);
                }
                if (!isFinished)
                {
                    frame = child.read();
                }
            }
        }

        // Everything said counts, also what is read after the kill: it was in the pipe before.
        private void take(final Frame frame)
        {
            switch (frame.kind())
            {
                case ATTEMPT:
                    ledger.attempt(frame.first(), frame.second(), frame.third());
                    nextAttempt = Math.max(nextAttempt, frame.first() + 1);
                    break;
                case ACKNOWLEDGED:
                    ledger.acknowledge(frame.first(), frame.second(), frame.code(), frame.third(), frame.fourth());
                    acknowledged++;
                    break;
                case HANDLED:
                    ledger.handle(frame.first(), frame.second(), frame.third(), frame.code() == 1);
                    handled++;
                    redelivered += frame.code();
                    break;
                case STEP:
                case HOLDING:
                    takeStep(frame);
                    break;
                case RUNNING:
                    ledger.recovered(frame.first());
                    isRunning = true;
                    break;
                case FINISHED:
                    isFinished = true;
                    break;
                default:
                    break;
            }
        }

        private void takeStep(final Frame frame)
        {
            final CrashPhase phase = CrashPhase.of(PHASES[frame.code()]);
            final int step = (int)frame.first();
            isNewDirectory |= phase == CrashPhase.FIRST_CREATION;
            if (frame.kind() == Frame.Kind.HOLDING)
            {
                held = phase;
                return;
            }
            if (step == JournalPhaseListener.END)
            {
                open.remove(phase);
            }
            else
            {
                open.add(phase);
            }
            steps.onStep(phase, step, System.nanoTime());
        }

        private void act(final Frame frame)
        {
            if (frame.kind() == Frame.Kind.RUNNING)
            {
                check();
            }
            else if (frame.kind() == Frame.Kind.EXHAUSTED)
            {
                // The archiver goes on when there is nothing left to publish.
                killAfter(plan.isHeldIn(CrashPhase.ARCHIVE) ? ARCHIVE_PATIENCE_NS : plan.delayNs());
            }
            else if (frame.kind() == Frame.Kind.HOLDING || plan != null && isTriggered(frame))
            {
                killAfter(plan.delayNs());
            }
        }

        private boolean isTriggered(final Frame frame)
        {
            switch (plan.trigger())
            {
                case HOLD:
                    return false;
                case PHASE_BEGIN:
                    return frame.kind() == Frame.Kind.STEP && frame.first() == 0 &&
                        CrashPhase.of(PHASES[frame.code()]) == plan.target() &&
                        ++occurrences == plan.occurrence();
                case ACKNOWLEDGED:
                    return frame.kind() == Frame.Kind.ACKNOWLEDGED && ++occurrences == plan.occurrence();
                case REDELIVERED:
                    return frame.kind() == Frame.Kind.HANDLED && !isRunning && ++occurrences == plan.occurrence();
                default:
                    throw new IllegalStateException("no trigger " + plan.trigger());
            }
        }

        // The child waits meanwhile, so the journal stands still; closed files may go to the archive while it is read.
        private void check()
        {
            final List<JournalRecord> journal = JournalImage.read(directory, findings);
            findings.add(LedgerCheck.check(ledger, journal, CONTENT_WINDOW_NS));
            if (!findings.isOk() && plan != null)
            {
                kill();
                return;
            }
            // The first creation ends with the first append, so it may still come; recovery is over.
            if (plan != null && plan.target() == CrashPhase.RECOVERY)
            {
                plan = plan.missed(random);
                occurrences = 0;
            }
            child.send(ChildCommand.GO);
        }

        private void killAfter(final long delayNs)
        {
            long deadlineNs = System.nanoTime() + delayNs;
            while (child.hasFrameBefore(deadlineNs))
            {
                final Frame frame = child.read();
                if (frame == null)
                {
                    return;
                }
                take(frame);
                if (frame.kind() == Frame.Kind.HOLDING)
                {
                    deadlineNs = System.nanoTime() + plan.delayNs();
                }
            }
            kill();
        }

        private void kill()
        {
            isKilled = true;
            child.kill();
        }

        private CrashPhase landed()
        {
            if (held != null)
            {
                return held;
            }
            if (open.contains(plan.target()))
            {
                return plan.target();
            }
            for (final CrashPhase phase : open)
            {
                if (!phase.isBeside())
                {
                    return phase;
                }
            }
            if (isRunning)
            {
                return CrashPhase.PUBLISH;
            }
            // Between the journal's phases and the opening of admission: the engine's own part of the same work.
            return isNewDirectory ? CrashPhase.FIRST_CREATION : CrashPhase.RECOVERY;
        }
    }
}
