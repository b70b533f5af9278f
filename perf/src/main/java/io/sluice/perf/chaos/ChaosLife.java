package io.sluice.perf.chaos;

import io.sluice.perf.child.ChildFlags;
import io.sluice.perf.child.LineChild;
import io.sluice.perf.report.RawOutput;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One child, from its start to its end. Not thread-safe. */
final class ChaosLife
{
    private static final long POLL_NS = 300_000L;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    private static final List<String> FLAGS = List.of(ChildFlags.QUICK, "-Xmx192m");

    private final ChildOrders orders;
    private final ChaosLedger ledger;
    private final ChaosFindings findings;
    private final Random random;
    private LineChild child;
    private LogReader log;

    ChaosLife(
        final ChildOrders orders, final ChaosLedger ledger, final ChaosFindings findings, final Random random)
    {
        this.orders = orders;
        this.ledger = ledger;
        this.findings = findings;
        this.random = random;
    }

    /**
     * Let it live until it is killed, or has closed in order before that.
     *
     * @param phase   to kill it in.
     * @param startNs what a start takes, nanoseconds.
     * @param mostMs  that it runs, milliseconds.
     * @return whether it was killed.
     */
    boolean liveUntilKilled(final KillPhase phase, final long startNs, final int mostMs)
    {
        return live(() ->
        {
            if (phase == KillPhase.START)
            {
                pause((long)(random.nextDouble() * startNs));
                return;
            }
            if (!await("run", () -> ledger.step() != ChaosLedger.Step.STARTING))
            {
                return;
            }
            pause(random.nextInt(mostMs) * NS_PER_MS);
            if (phase == KillPhase.CHANGE)
            {
                await("change a subscription", () -> ledger.step() == ChaosLedger.Step.CHANGING);
                pause((long)(random.nextDouble() * 20 * NS_PER_MS));
            }
            else if (phase == KillPhase.CLOSE)
            {
                child.send(ChildOrders.CLOSE);
                await("close", () -> ledger.step().ordinal() >= ChaosLedger.Step.CLOSING.ordinal());
                pause((long)(random.nextDouble() * 150 * NS_PER_MS));
            }
        });
    }

    /**
     * Let it live until nothing is owed to any subscription, and close it in order.
     *
     * @param check of the same directory.
     */
    void liveUntilAtRest(final JournalCheck check)
    {
        live(() ->
        {
            if (await("run", () -> ledger.step() != ChaosLedger.Step.STARTING))
            {
                check.checkJournal();
                await("bring everything to rest", () ->
                {
                    pause(50 * NS_PER_MS);
                    return check.checkDeliveries(false) == 0;
                });
                if (child.isAlive())
                {
                    child.send(ChildOrders.CLOSE);
                    await("close", () -> ledger.step() == ChaosLedger.Step.CLOSED);
                    child.awaitEnd();
                }
            }
        });
    }

    private boolean live(final Runnable plot)
    {
        ledger.beginLife();
        final Path errors = orders.log().resolveSibling(orders.log().getFileName() + ".stderr");
        try (LogReader reader = new LogReader(orders.log());
            LineChild process = LineChild.start(ChaosChild.class, FLAGS, orders.toArguments(), errors))
        {
            log = reader;
            child = process;
            plot.run();
            final boolean isKilled = child.isAlive();
            child.kill();
            log.poll(ledger::accept);
            if (!isKilled && ledger.step() != ChaosLedger.Step.CLOSED)
            {
                findings.add(Violation.FAILED_CHILD, "a child ended by itself: " + child.errorOutput());
            }
            return isKilled;
        }
        finally
        {
            if (findings.isOk())
            {
                RawOutput.deleteTree(orders.log());
            }
        }
    }

    private boolean await(final String what, final BooleanSupplier condition)
    {
        final long startNs = System.nanoTime();
        log.poll(ledger::accept);
        while (!condition.getAsBoolean())
        {
            if (!child.isAlive())
            {
                return false;
            }
            if (System.nanoTime() - startNs > TIMEOUT_NS)
            {
                findings.add(
                    Violation.FAILED_CHILD, "a child did not " + what + " in 60 s, said: " + child.errorOutput());
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
            log.poll(ledger::accept);
        }
        return true;
    }

    private void pause(final long ns)
    {
        final long untilNs = System.nanoTime() + ns;
        while (untilNs - System.nanoTime() > 0 && child.isAlive())
        {
            LockSupport.parkNanos(Math.min(POLL_NS, untilNs - System.nanoTime()));
            log.poll(ledger::accept);
        }
    }
}
