package io.sluice.perf.stalls;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** F3: an act per roll size, then the whole engine, and the verdict. */
final class StallsRun
{
    private static final double MOST_OF_BARE = 0.05;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_GB = 1e9;
    private static final String[] SIDES = {"sluice", "bare", "bare-rolling", "memory"};

    private final RawOutput output;
    private final PrintStream progress;
    private final StallsSetting setting;
    private final List<Long> rollSizes;
    private final double engineSeconds;
    private final List<Act> acts = new ArrayList<>();
    private final List<Histogram> raw = new ArrayList<>();
    private final List<Figure> details = new ArrayList<>();

    StallsRun(
        final RawOutput output,
        final PrintStream progress,
        final StallsSetting setting,
        final List<Long> rollSizes,
        final double engineSeconds)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        this.rollSizes = rollSizes;
        this.engineSeconds = engineSeconds;
    }

    void run(final FigureReport report)
    {
        final long originNs = System.nanoTime();
        try (HiccupMeter meter = HiccupMeter.start())
        {
            for (final long rollSize : rollSizes)
            {
                acts.add(new Act(output, progress, setting, rollSize, originNs).play());
            }
            final Histogram engine =
                EngineStalls.run(output, setting.rate(), setting.payloadLength(), engineSeconds);
            report.add(headline(acts.get(0)));
            acts.forEach(this::addAct);
            addEngine(engine);
            final Histogram hiccups = meter.stop();
            addHiccups(hiccups);
            explain(report, acts.get(0), hiccups);
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.detail("F3", "append stalls > 1 ms", Double.NaN, "1/GB").failed(e.getMessage()));
        }
        details.forEach(report::add);
        output.writeHistograms("stalls", raw);
        output.writeText("stalls-timeline.json", timeline());
    }

    private Figure headline(final Act act)
    {
        final StallLog sluice = act.log("sluice");
        final StallLog bare = act.log("bare");
        final double value = Act.perGb(sluice.stalls(), sluice);
        final double baseline = Act.perGb(bare.stalls(), bare);
        return new Figure("F3",
            "calls on the appending thread that took > 1 ms, rolls apart, " + act.label() + " files, " +
                setting.payloadLength() + " B at " + setting.rate() + "/s",
            value, "1/GB", "<= 0.05 x bare", baseline, value <= MOST_OF_BARE * baseline,
            count(sluice) + ", " + sluice.stallsAfterRoll() + " of them in the first 8 MB after a roll; bare " +
                count(bare) + "; the same loop without a file " + count(act.log("memory")));
    }

    private static String count(final StallLog log)
    {
        return log.stalls() + " in " + Figure.plain(log.bytes() / BYTES_PER_GB) + " GB";
    }

    private void addAct(final Act act)
    {
        final String id = "F3/" + act.label();
        final StallLog bare = act.log("bare");
        final double bareStalls = Act.perGb(bare.stalls(), bare);
        final StallLog sluice = act.log("sluice");
        details.add(Figure.atMost(id + "/of-bare", "stalls > 1 ms of Sluice / of bare Chronicle",
            Act.perGb(sluice.stalls(), sluice) / bareStalls, "x", MOST_OF_BARE, 1, ""));
        for (final String side : SIDES)
        {
            final StallLog log = act.log(side);
            final String at = id + "/" + side;
            details.add(Figure.detail(at + "/over-1ms", "calls over 1 ms", Act.perGb(log.stalls(), log), "1/GB"));
            details.add(Figure.detail(at + "/over-5ms", "calls over 5 ms", Act.perGb(log.longStalls(), log), "1/GB"));
            details.add(Figure.detail(at + "/after-roll", "calls over 1 ms in the first 8 MB after a roll",
                Act.perGb(log.stallsAfterRoll(), log), "1/GB"));
            addPercentiles(at + "/call", "duration of a call", log.calls());
            addPercentiles(at + "/intended", "from the intended time to appended, rolls included", log.lateness());
        }
        addRolls(id + "/roll", sluice, act.log("bare-rolling"));
        for (final StallLog log : act.logs())
        {
            raw.add(log.calls());
            raw.add(log.lateness());
            raw.add(log.rolls());
        }
    }

    private void addPercentiles(final String id, final String what, final Histogram histogram)
    {
        for (final double percentile : new double[]{50.0, 99.9})
        {
            details.add(Figure.detail(id + "/p" + Figure.plain(percentile), what,
                histogram.getValueAtPercentile(percentile) / NS_PER_US, "us"));
        }
        details.add(Figure.detail(id + "/max", what, histogram.getMaxValue() / NS_PER_US, "us"));
    }

    private void addRolls(final String id, final StallLog sluice, final StallLog bare)
    {
        final String why =
            sluice.rolls().getTotalCount() + " rolls; bare Chronicle " + bare.rolls().getTotalCount();
        details.add(new Figure(id + "/p50", "duration of a call that goes on in a new file; baseline: bare Chronicle",
            ms(sluice.rolls(), 50.0), "ms", "", ms(bare.rolls(), 50.0), true, why));
        details.add(new Figure(id + "/max", "longest of them; baseline: bare Chronicle",
            ms(sluice.rolls(), 100.0), "ms", "", ms(bare.rolls(), 100.0), true, why));
    }

    private static double ms(final Histogram histogram, final double percentile)
    {
        return histogram.getTotalCount() == 0 ?
            Double.NaN : histogram.getValueAtPercentile(percentile) / NS_PER_MS;
    }

    private void addEngine(final Histogram engine)
    {
        raw.add(engine);
        addPercentiles("F3/engine/journaled", "whole engine, intended publish time to journaled", engine);
    }

    private void addHiccups(final Histogram hiccups)
    {
        raw.add(hiccups);
        addPercentiles("F3/hiccup", "hiccups of the machine in the same run", hiccups);
    }

    private static void explain(final FigureReport report, final Act act, final Histogram hiccups)
    {
        final StallLog sluice = act.log("sluice");
        report.explain(
            "F3",
            sluice.stalls() + " stalls, " + sluice.stallsAfterRoll() + " of them in the first 8 MB after a roll, " +
                sluice.longStalls() + " of more than 5 ms, the longest " +
                Figure.plain(sluice.calls().getMaxValue() / NS_PER_MS) +
                " ms; each with its place in stalls-timeline.json",
            "the same loop without a file has " + count(act.log("memory")) + "; a thread that only sleeps was woken " +
                "late by " + Figure.plain(hiccups.getMaxValue() / NS_PER_MS) + " ms at most");
    }

    private String timeline()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            json.writeStartArray();
            for (final Act act : acts)
            {
                for (final StallLog log : act.logs())
                {
                    log.writeTimeline(json, act.label());
                }
            }
            json.writeEndArray();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
