package io.sluice.replay;

import org.agrona.concurrent.NanoClock;

/**
 * When an event is due: as far behind the first one as it was then, divided by the speed; pauses don't count. Asked on
 * the thread that polls; paused, resumed and stepped by any.
 */
final class ReplaySchedule
{
    private final double speed;
    private final NanoClock clock;
    private boolean hasOrigin;
    private long originTime;
    private long originNs;
    private long latestTime;
    private boolean isWaiting;
    private boolean isPaused;
    private long pausedAtNs;
    private long pausedNs;
    private long steps;

    ReplaySchedule(final double speed, final NanoClock clock)
    {
        this.speed = speed;
        this.clock = clock;
    }

    /**
     * @param time of the next event, nanoseconds; what goes back counts as not going on.
     * @return when it is due, by the clock.
     */
    synchronized long dueNs(final long time)
    {
        if (!hasOrigin)
        {
            setOrigin(time, isPaused ? pausedAtNs : clock.nanoTime());
        }
        latestTime = Math.max(latestTime, time);
        if (speed == ReplayContext.UNTHROTTLED)
        {
            return Long.MIN_VALUE;
        }
        final long distance = latestTime - originTime;
        // Of events that are centuries apart, the distance has no room in 64 bits.
        return originNs + pausedNs + (long)((distance < 0 ? Long.MAX_VALUE : distance) / speed);
    }

    /** @return true if an event that is due then may be handed out now. Takes a step if it needs one. */
    synchronized boolean isDue(final long dueNs)
    {
        if (isPaused)
        {
            isWaiting = steps == 0;
            if (steps > 0)
            {
                steps--;
                setOrigin(latestTime, pausedAtNs);
            }
        }
        else
        {
            isWaiting = dueNs != Long.MIN_VALUE && clock.nanoTime() - dueNs < 0;
        }
        return !isWaiting;
    }

    /** @return true if the last event that was asked for was not due. */
    boolean isWaiting()
    {
        return isWaiting;
    }

    synchronized boolean isPaused()
    {
        return isPaused;
    }

    synchronized void pause()
    {
        if (!isPaused)
        {
            isPaused = true;
            pausedAtNs = clock.nanoTime();
        }
    }

    synchronized void resume()
    {
        if (isPaused)
        {
            isPaused = false;
            steps = 0;
            pausedNs += clock.nanoTime() - pausedAtNs;
        }
    }

    synchronized void step(final int events)
    {
        if (events < 1)
        {
            throw new IllegalArgumentException("step of " + events + " events is out of range: use 1 or more");
        }
        if (!isPaused)
        {
            throw new IllegalStateException("the replay is not paused, pause it before a step");
        }
        steps += events;
    }

    private void setOrigin(final long time, final long nowNs)
    {
        hasOrigin = true;
        originTime = time;
        latestTime = time;
        originNs = nowNs - pausedNs;
    }
}
