package io.sluice.perf.core;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a step: a headline figure for each that it owes, whatever happened, and all details that it gave.
 *
 * @param step    that was taken.
 * @param figures of it; headlines name the command that repeats them.
 */
record StepResult(Step step, List<Figure> figures)
{
    /** Exit code of a process that was ended because it took too long. */
    static final int TIMED_OUT = Integer.MIN_VALUE;

    /**
     * Judge what a process said.
     *
     * @param step     that was taken.
     * @param exitCode of the process, or {@link #TIMED_OUT}.
     * @param output   of it.
     * @param seconds  it took.
     * @param lastWord that it wrote for people.
     * @return the result.
     */
    static StepResult of(
        final Step step, final int exitCode, final String output, final double seconds, final String lastWord)
    {
        if (exitCode == TIMED_OUT)
        {
            return missed(step, "ended by force after " + Figure.plain(Math.rint(seconds)) +
                " s without an answer; its last word: " + lastWord);
        }
        final Optional<FigureFile> file;
        try
        {
            file = FigureFile.parse(output);
        }
        catch (final IOException e)
        {
            return failed(step, List.of(), "no answer that can be read, exit code " + exitCode + ": " +
                firstLine(e) + "; its last word: " + lastWord);
        }
        if (file.isEmpty())
        {
            return failed(step, List.of(), "no figures in the answer, exit code " + exitCode);
        }
        if (exitCode != (file.get().ok() ? 0 : 1))
        {
            return failed(step, file.get().figures(), "exit code " + exitCode + " with ok = " + file.get().ok());
        }
        return failed(step, file.get().figures(), "");
    }

    /**
     * A step that gave no answer, for a reason that says nothing about the engine's answers.
     *
     * @param step   that was taken, or not.
     * @param reason in words.
     * @return the result.
     */
    static StepResult missed(final Step step, final String reason)
    {
        final List<Figure> figures = new ArrayList<>();
        step.figures().forEach((id) -> figures.add(none(id).missed(reason)));
        return repeatable(step, figures);
    }

    /** @return how the figures that the step owes did, in words. */
    String verdict()
    {
        final StringBuilder text = new StringBuilder();
        for (final Figure figure : figures)
        {
            if (figure.isHeadline())
            {
                text.append(text.length() == 0 ? "" : ", ").append(figure.id())
                    .append(figure.ok() ? " ok" : figure.isWrong() ? " WRONG" : " missed");
            }
        }
        return text.toString();
    }

    // Without a reason only the figures that are not there are failed, with one also those that are.
    private static StepResult failed(final Step step, final List<Figure> found, final String reason)
    {
        final Set<String> owed = new LinkedHashSet<>(step.figures());
        final List<Figure> figures = new ArrayList<>();
        for (final Figure figure : found)
        {
            final boolean isOwed = owed.remove(figure.id());
            figures.add(isOwed && !reason.isEmpty() ? figure.failed(reason) : figure);
        }
        owed.forEach((id) -> figures.add(
            none(id).failed(reason.isEmpty() ? "no figure " + id + " in the answer" : reason)));
        return repeatable(step, figures);
    }

    private static StepResult repeatable(final Step step, final List<Figure> figures)
    {
        figures.replaceAll((figure) ->
            figure.isHeadline() ? figure.noted("repeat: " + step.commandLine()) : figure);
        return new StepResult(step, List.copyOf(figures));
    }

    private static Figure none(final String id)
    {
        return Figure.detail(id, "not measured", Double.NaN, "");
    }

    private static String firstLine(final IOException e)
    {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
