package io.sluice.perf.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The figures of one command and the host that they were measured on. Done well if every headline figure is, and no
 * answer was wrong; other details explain, they do not judge. Not thread-safe.
 */
public final class FigureReport
{
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Figure> figures = new ArrayList<>();
    private final HostFacts host;
    private final Predicate<Figure> judge;
    private final Map<String, String> explanations = new HashMap<>();
    private String command = "";

    /**
     * @param host that the figures are measured on.
     */
    public FigureReport(final HostFacts host)
    {
        this(host, Figure::isHeadline);
    }

    /**
     * A report with a rule of its own.
     *
     * @param host  that the figures are measured on.
     * @param judge picks the figures that must meet their targets; a wrong answer counts wherever it is.
     */
    public FigureReport(final HostFacts host, final Predicate<Figure> judge)
    {
        this.host = host;
        this.judge = judge;
    }

    /**
     * Name what measures these figures once more; it becomes a fact of the host.
     *
     * @param line a command line.
     * @return this.
     */
    public FigureReport repeatedBy(final String line)
    {
        command = line;
        return this;
    }

    /**
     * @param figure to add.
     * @return this.
     */
    public FigureReport add(final Figure figure)
    {
        figures.add(figure);
        return this;
    }

    /**
     * Say what a shortfall would be due to. It stands with the figure where that misses its target, and nowhere where
     * it does not; which record of decisions has more about it, follows by itself.
     *
     * @param id      of the figure.
     * @param profile what was seen in this run, in words.
     * @param bound   what this machine or this task does not let anybody exceed, in words; may be empty.
     * @return this.
     */
    public FigureReport explain(final String id, final String profile, final String bound)
    {
        explanations.put(id, "profile: " + profile + (bound.isEmpty() ? "" : "; bound: " + bound));
        return this;
    }

    /** @return the figures so far, with explanations of those that are missed. */
    public List<Figure> figures()
    {
        return figures.stream().map(this::explained).collect(Collectors.toUnmodifiableList());
    }

    /** @return true if there is a headline figure, none of those that count is missed and no answer was wrong. */
    public boolean isOk()
    {
        return figures.stream().anyMatch(Figure::isHeadline) &&
            figures.stream().noneMatch((figure) -> figure.isWrong() || !figure.ok() && judge.test(figure));
    }

    /** @return {@code {"ok","figures","host"}} in one line. */
    public String toJson()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text))
        {
            json.writeStartObject();
            json.writeBooleanField("ok", isOk());
            json.writeArrayFieldStart("figures");
            for (final Figure figure : figures())
            {
                json.writeStartObject();
                json.writeStringField("id", figure.id());
                json.writeStringField("name", figure.name());
                writeNumber(json, "value", figure.value());
                json.writeStringField("unit", figure.unit());
                json.writeStringField("target", figure.target());
                writeNumber(json, "baseline", figure.baseline());
                json.writeBooleanField("ok", figure.ok());
                json.writeStringField("why", figure.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("host");
            if (!command.isEmpty())
            {
                json.writeStringField("command", command);
            }
            for (final Map.Entry<String, Object> fact : host.facts().entrySet())
            {
                writeFact(json, fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Print a table for people.
     *
     * @param out    to print to.
     * @param picked the figures to print.
     */
    public void print(final PrintStream out, final Predicate<Figure> picked)
    {
        out.printf(Locale.ROOT, "%-28s %14s %-10s %12s %14s  %-6s %s%n",
            "figure", "value", "unit", "target", "baseline", "", "what");
        for (final Figure figure : figures().stream().filter(picked).collect(Collectors.toList()))
        {
            final String missed = figure.isWrong() ? "WRONG" : "MISSED";
            final String mark = !figure.ok() ? missed : figure.target().isEmpty() ? "" : "ok";
            out.printf(Locale.ROOT, "%-28s %14s %-10s %12s %14s  %-6s %s%s%n",
                figure.id(), Figure.plain(figure.value()), figure.unit(), figure.target(),
                Figure.plain(figure.baseline()), mark, figure.name(),
                figure.why().isEmpty() ? "" : ": " + figure.why());
        }
    }

    private Figure explained(final Figure figure)
    {
        // One that names what repeats it comes from another report, which has explained it.
        if (figure.ok() || figure.isWrong() || figure.why().contains("repeat: ") ||
            !figure.isHeadline() && !explanations.containsKey(figure.id()))
        {
            return figure;
        }
        final String explanation = explanations.getOrDefault(figure.id(), "");
        final String record = Shortfalls.recordOf(figure.headline());
        final Figure explained = explanation.isEmpty() ? figure : figure.noted(explanation);
        return record.isEmpty() ? explained : explained.noted("see " + record);
    }

    private static void writeFact(final JsonGenerator json, final String name, final Object value) throws IOException
    {
        if (value instanceof Number)
        {
            writeNumber(json, name, ((Number)value).doubleValue());
        }
        else if (value instanceof List)
        {
            json.writeArrayFieldStart(name);
            for (final Object element : (List<?>)value)
            {
                json.writeString(element.toString());
            }
            json.writeEndArray();
        }
        else
        {
            json.writeStringField(name, value.toString());
        }
    }

    private static void writeNumber(final JsonGenerator json, final String name, final double value) throws IOException
    {
        if (Double.isNaN(value) || Double.isInfinite(value))
        {
            json.writeNullField(name);
        }
        else if (value == Math.rint(value) && Math.abs(value) < 1e15)
        {
            json.writeNumberField(name, (long)value);
        }
        else
        {
            json.writeNumberField(name, new java.math.BigDecimal(value).round(new java.math.MathContext(6)));
        }
    }
}
