package io.sluice.perf.core;

import io.sluice.perf.report.Figure;
import java.util.List;

/**
 * What is run and how much of it. Sizes grow with a scale; at 1 they are what was found to end within the time that
 * the commands promise, on two slow cores, with time to spare.
 */
final class CorePlan
{
    private static final double USUAL_MINUTES = 25;
    private static final double FIXED_MINUTES = 4;
    private static final double LEAST_SCALE = 0.01;
    private static final long LEAST_EVENTS_OF_F8 = 2_400_000;
    // A few kilobytes of the JVM itself among few events; an object per event is a thousand times as much.
    private static final String ZERO_OF_QUICK = "0.01";

    private CorePlan()
    {
    }

    /**
     * How much can be measured in a time: some of it goes into starts and warm-ups, whatever the sizes.
     *
     * @param minutes for {@link #core}.
     * @return scale of sizes that fit, 1 for 25 minutes.
     */
    static double scale(final double minutes)
    {
        return Math.max(LEAST_SCALE, (minutes - FIXED_MINUTES) / (USUAL_MINUTES - FIXED_MINUTES));
    }

    /**
     * F1 to F10.
     *
     * @param scale of all sizes, above 0.
     * @return the steps in their order.
     */
    static List<Step> core(final double scale)
    {
        return List.of(
            new Step("throughput", List.of("F1", "F2"),
                List.of("--rounds", count(5 * scale), "--warm-up", count(6 * scale)), 10 + 60 * scale),
            new Step("stalls", List.of("F3"),
                List.of("--gb", number(2.5 * scale), "--roll-sizes", "100", "--engine-seconds", number(15 * scale)),
                10 + 170 * scale),
            new Step("latency", List.of("F4"), List.of("--seconds", number(5 * scale)), 50 + 220 * scale),
            new Step("isolation", List.of("F5"),
                List.of("--seconds", number(3 * scale), "--warm-up", number(1.5 * scale)), 15 + 180 * scale),
            new Step("synced", List.of("F6"),
                List.of("--seconds", number(3 * scale), "--events",
                    count(Math.max(1000, 3_000_000 * scale))), 20 + 160 * scale),
            new Step("replay", List.of("F7"), List.of("--rounds", count(5 * scale)), 15 + 40 * scale),
            new Step("alloc", List.of("F8"),
                List.of("--events", count(Math.max(LEAST_EVENTS_OF_F8, 12_000_000 * scale))),
                30 + 150 * scale),
            new Step("overflow", List.of("F9"), List.of("--seconds", number(5 * scale)), 20 + 70 * scale),
            new Step("recovery", List.of("F10"), List.of("--rounds", count(3 * scale)), 30 + 110 * scale));
    }

    /**
     * A short look at what changes most easily.
     *
     * @param scale of all sizes, above 0.
     * @return the steps in their order.
     */
    static List<Step> quick(final double scale)
    {
        return List.of(
            new Step("throughput", List.of("F1", "F2"),
                List.of("--events", count(Math.max(1000, 300_000 * scale)), "--calls",
                    count(Math.max(1000, 100_000 * scale)), "--rounds", count(3 * scale), "--warm-up",
                    count(4 * scale)), 40),
            new Step("stalls", List.of("F3"),
                List.of("--gb", number(0.5 * scale), "--slice", count(250 * scale), "--warm-up", count(40 * scale),
                    "--roll-sizes", "100", "--engine-seconds", number(2 * scale)), 45),
            new Step("alloc", List.of("F8"),
                List.of("--events", count(Math.max(30_000, 3_000_000 * scale)), "--slice",
                    count(Math.max(1000, 50_000 * scale)), "--zero", ZERO_OF_QUICK), 40));
    }

    private static String count(final double value)
    {
        return Long.toString(Math.max(1, Math.round(value)));
    }

    private static String number(final double value)
    {
        return Figure.plain(value);
    }
}
