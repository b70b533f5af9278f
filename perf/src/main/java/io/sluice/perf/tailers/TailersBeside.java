package io.sluice.perf.tailers;

import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.StartPosition;
import io.sluice.perf.report.MeasurementException;
import io.sluice.tail.TailerGroup;
import io.sluice.tail.TailerGroupContext;
import io.sluice.tail.TailerMember;
import io.sluice.tail.TailerMemberSpec;
import io.sluice.tail.TailerMemberState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/** A group of members, each with a filter of its own, driven as its own thread would drive it. */
final class TailersBeside implements Beside
{
    private static final long TIMEOUT_NS = 60_000_000_000L;

    /** What a member got, on the group's thread; read when that has ended. */
    private static final class Tally
    {
        private final Pick pick;
        private TailerMember member;
        private long count;
        private long times;

        private Tally(final Pick pick)
        {
            this.pick = pick;
        }

        private void add(final EventFlyweight event)
        {
            count++;
            times += event.eventTime();
        }
    }

    private final List<Tally> tallies = new ArrayList<>();
    private TailerGroup group;
    private MeasuredThread thread;
    private long delivered;
    private long recordsRead;

    /**
     * @param members of the group.
     */
    TailersBeside(final int members)
    {
        for (int i = 0; i < members; i++)
        {
            tallies.add(new Tally(Pick.of(i)));
        }
    }

    @Override
    public void start(final Path directory)
    {
        final TailerGroupContext context = new TailerGroupContext().directory(directory).thread(false);
        group = TailerGroup.launch(context);
        for (int i = 0; i < tallies.size(); i++)
        {
            final Tally tally = tallies.get(i);
            tally.member = group.join(TailerMemberSpec.of("member-" + i, tally::add)
                .filter(EventFilter.of(tally.pick.filter()))
                .from(StartPosition.start()));
        }
        final IdleStrategy idle = context.idleStrategy();
        final TailerGroup driven = group;
        thread = new MeasuredThread("perf-tailers", () -> idle.idle(driven.invoke()));
        await("members to start", () ->
            tallies.stream().allMatch((tally) -> tally.member.state() == TailerMemberState.READING));
    }

    @Override
    public long cpuNs()
    {
        return thread.cpuNs();
    }

    @Override
    public void finish(final RunLog log)
    {
        await("members to read everything", () ->
            tallies.stream().allMatch((tally) -> tally.member.nextSequence() > log.count()));
        recordsRead = group.recordsRead();
        close();
        MeasurementException.require("records read for all members together", log.count(), recordsRead);
        for (int i = 0; i < tallies.size(); i++)
        {
            check("member " + i + ", " + tallies.get(i).pick.filter(), tallies.get(i), log);
        }
    }

    /** @return events handed out to all members together. */
    long delivered()
    {
        return delivered;
    }

    @Override
    public void close()
    {
        if (thread != null)
        {
            thread.close();
        }
        if (group != null)
        {
            group.close();
        }
    }

    private void check(final String what, final Tally tally, final RunLog log)
    {
        if (tally.member.failure() != null)
        {
            throw new MeasurementException(what + " failed", tally.member.failure());
        }
        long count = 0;
        long times = 0;
        for (int number = 0; number < log.count(); number++)
        {
            if (tally.pick.test().holds(number, log.priority(number)))
            {
                count++;
                times += log.time(number);
            }
        }
        if (count == 0)
        {
            throw new MeasurementException(what + ": no event was published that it could pick; measure longer");
        }
        MeasurementException.require("events of " + what, count, tally.count);
        MeasurementException.require("sum of their times", times, tally.times);
        MeasurementException.require("events that it says it got", count, tally.member.delivered());
        delivered += count;
    }

    private void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            Thread.yield();
            if (thread.isDead() || System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("waited in vain for " + what);
            }
        }
    }
}
