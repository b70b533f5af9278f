package io.sluice.perf.archive;

import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;

/**
 * What the hooks of coding agents report while people work: sessions that begin, use tools and end, a dozen at a time,
 * some 25 events a second. The same seed gives the same events.
 *
 * <ul>
 * <li>Event ids are left to the engine: UUIDs of version 7, random but for their time. Sessions have random UUIDs,
 *     uses of tools 22 random characters, which pair {@code hook.tool.before} with {@code hook.tool.after}.
 * <li>Times are to the nanosecond; between publishing and sequencing lie random microseconds.
 * <li>Payloads are the JSON of such hooks: paths of a few projects, commands, edits and outputs. Their text is drawn
 *     anew for each event ({@link GeneratedText}); only what is read from a file comes from files that stay the same.
 * </ul>
 */
final class HookTraffic implements EventFeed
{
    private static final Instant START = Instant.parse("2026-01-12T08:00:00Z");
    private static final double MEAN_GAP_NS = 40e6;
    private static final int MIN_LATENCY_NS = 5_000;
    private static final int LATENCY_SPREAD_NS = 120_000;
    private static final int SESSIONS = 12;
    private static final int MEAN_USES = 60;
    private static final int CONFIG_ONE_IN = 500;

    private final SplittableRandom random;
    private final ManualClock clock = new ManualClock(START);
    private final HookPayloads payloads;
    private final List<HookSession> sessions = new ArrayList<>();
    private final long most;
    private long count;

    /**
     * @param seed of everything.
     * @param most events.
     */
    HookTraffic(final long seed, final long most)
    {
        random = new SplittableRandom(seed);
        payloads = new HookPayloads(random.split());
        this.most = most;
    }

    @Override
    public String name()
    {
        return "hooks";
    }

    @Override
    public EpochNanoClock clock()
    {
        return clock;
    }

    @Override
    public boolean next(final EventBuilder event)
    {
        if (count++ >= most)
        {
            return false;
        }
        clock.advance(Duration.ofNanos((long)(-Math.log(1 - random.nextDouble()) * MEAN_GAP_NS)));
        event.clear();
        if (sessions.size() < SESSIONS)
        {
            begin(event);
        }
        else
        {
            goOn(event, random.nextInt(sessions.size()));
        }
        return true;
    }

    @Override
    public void onPublished()
    {
        clock.advance(Duration.ofNanos(MIN_LATENCY_NS + random.nextInt(LATENCY_SPREAD_NS)));
    }

    @Override
    public void close()
    {
        // Nothing is open.
    }

    private void begin(final EventBuilder event)
    {
        final UUID id = new UUID(
            random.nextLong() & ~0xF000L | 0x4000L,
            random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
        final HookSession session = payloads.newSession(id.toString(), 1 + random.nextInt(2 * MEAN_USES));
        sessions.add(session);
        fill(event, session, "hook.session.start", Priority.HIGH, Category.SYSTEM, payloads.start(session));
    }

    private void goOn(final EventBuilder event, final int index)
    {
        final HookSession session = sessions.get(index);
        if (session.toolUse() != null)
        {
            fill(event, session, "hook.tool.after", Priority.NORMAL, Category.INTEGRATION, payloads.after(session));
            event.correlationId(session.toolUse());
            session.endUse();
        }
        else if (session.isOver())
        {
            fill(event, session, "hook.session.stop", Priority.HIGH, Category.SYSTEM, payloads.stop(session));
            sessions.remove(index);
        }
        else if (random.nextInt(CONFIG_ONE_IN) == 0)
        {
            fill(event, session, "hook.config.changed", Priority.LOW, Category.SYSTEM, payloads.config(session));
        }
        else
        {
            payloads.beginUse(session);
            fill(event, session, "hook.tool.before", Priority.NORMAL, Category.INTEGRATION, payloads.before(session));
            event.correlationId(session.toolUse());
        }
    }

    private static void fill(
        final EventBuilder event,
        final HookSession session,
        final String type,
        final Priority priority,
        final Category category,
        final String payload)
    {
        event.type(type)
            .source("agent-hooks")
            .priority(priority)
            .category(category)
            .sessionId(session.id())
            .metadata("host", session.host())
            .metadata("version", "1.0.0")
            .metadata("user", session.user())
            .payloadJson(payload);
    }
}
