package io.sluice.perf.report;

/**
 * One measured figure.
 *
 * @param id       for example {@code F1}; a detail of it has the form {@code F1/…}.
 * @param name     what was measured.
 * @param value    measured, NaN if there is none.
 * @param unit     of value and baseline.
 * @param target   in words, for example {@code >= 0.8}; empty for a figure that only informs.
 * @param baseline measured in the same run, NaN if there is none.
 * @param ok       whether the target is met; true for a figure that only informs.
 * @param why      it is not met, or what to know about the figure; may be empty.
 */
public record Figure(
    String id, String name, double value, String unit, String target, double baseline, boolean ok, String why)
{
    // The documented shape of a figure in JSON has no field for it, and readers of it have to tell it from a target
    // that was missed.
    private static final String WRONG = "wrong answer: ";

    /**
     * A figure that only informs.
     *
     * @param id    of the figure.
     * @param name  what was measured.
     * @param value measured.
     * @param unit  of the value.
     * @return the figure.
     */
    public static Figure detail(final String id, final String name, final double value, final String unit)
    {
        return new Figure(id, name, value, unit, "", Double.NaN, true, "");
    }

    /**
     * The same figure as one that says nothing, because the measurement did not come about as it should.
     *
     * @param reason it did not.
     * @return the figure, not ok.
     */
    public Figure missed(final String reason)
    {
        return new Figure(id, name, value, unit, target, baseline, false, reason);
    }

    /**
     * A figure that must be at least its target.
     *
     * @param id       of the figure.
     * @param name     what was measured.
     * @param value    measured.
     * @param unit     of the value.
     * @param least    that is wanted.
     * @param baseline measured in the same run, NaN if there is none.
     * @param why      what to know about the figure; may be empty.
     * @return the figure.
     */
    public static Figure atLeast(
        final String id,
        final String name,
        final double value,
        final String unit,
        final double least,
        final double baseline,
        final String why)
    {
        return new Figure(id, name, value, unit, ">= " + plain(least), baseline, value >= least, why);
    }

    /**
     * A figure that must be at most its target.
     *
     * @param id       of the figure.
     * @param name     what was measured.
     * @param value    measured.
     * @param unit     of the value.
     * @param most     that is allowed.
     * @param baseline measured in the same run, NaN if there is none.
     * @param why      what to know about the figure; may be empty.
     * @return the figure.
     */
    public static Figure atMost(
        final String id,
        final String name,
        final double value,
        final String unit,
        final double most,
        final double baseline,
        final String why)
    {
        return new Figure(id, name, value, unit, "<= " + plain(most), baseline, value <= most, why);
    }

    /**
     * The same figure, but not met because an answer was wrong, or there was none.
     *
     * @param reason what was wrong.
     * @return the failed figure, its {@code why} begins with {@code wrong answer:}.
     */
    public Figure failed(final String reason)
    {
        return new Figure(
            id, name, value, unit, target, baseline, false, WRONG + reason + (why.isEmpty() ? "" : "; " + why));
    }

    /** @return true if an answer was wrong, which is worse than a target that was missed. */
    public boolean isWrong()
    {
        return !ok && why.startsWith(WRONG);
    }

    /**
     * The same figure with more to know about it.
     *
     * @param note to put behind what is there.
     * @return the figure, as good as this one.
     */
    public Figure noted(final String note)
    {
        return new Figure(id, name, value, unit, target, baseline, ok, why.isEmpty() ? note : why + "; " + note);
    }

    /** @return true if this is a row of its own and no detail of another. */
    public boolean isHeadline()
    {
        return id.indexOf('/') < 0;
    }

    /** @return id of the row that this figure belongs to: its own, or that of the one that it is a detail of. */
    public String headline()
    {
        return isHeadline() ? id : id.substring(0, id.indexOf('/'));
    }

    /**
     * A number without needless digits: whole from 1000 on, else four significant digits.
     *
     * @param value to write.
     * @return the text.
     */
    public static String plain(final double value)
    {
        if (Double.isNaN(value) || Double.isInfinite(value))
        {
            return "-";
        }
        return value == Math.rint(value) || Math.abs(value) >= 1000 ?
            String.format("%,d", Math.round(value)).replace(",", "") :
            new java.math.BigDecimal(value).round(new java.math.MathContext(4)).stripTrailingZeros().toPlainString();
    }
}
