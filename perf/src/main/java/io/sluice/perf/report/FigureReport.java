package io.sluice.perf.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of one command and the host that they were measured on. Done well if every headline figure is;
 * details explain, they do not judge. Not thread-safe.
 */
public final class FigureReport
{
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Figure> figures = new ArrayList<>();
    private final HostFacts host;

    /**
     * @param host that the figures are measured on.
     */
    public FigureReport(final HostFacts host)
    {
        this.host = host;
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

    /** @return the figures so far. */
    public List<Figure> figures()
    {
        return List.copyOf(figures);
    }

    /** @return true if there is a headline figure and none of them is missed. */
    public boolean isOk()
    {
        boolean hasHeadline = false;
        for (final Figure figure : figures)
        {
            if (figure.isHeadline())
            {
                hasHeadline = true;
                if (!figure.ok())
                {
                    return false;
                }
            }
        }
        return hasHeadline;
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
            for (final Figure figure : figures)
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
     * @param out to print to.
     */
    public void print(final PrintStream out)
    {
        out.printf(Locale.ROOT, "%-28s %14s %-10s %12s %14s  %-6s %s%n",
            "figure", "value", "unit", "target", "baseline", "", "what");
        for (final Figure figure : figures)
        {
            final String mark = figure.target().isEmpty() && figure.ok() ? "" : figure.ok() ? "ok" : "MISSED";
            out.printf(Locale.ROOT, "%-28s %14s %-10s %12s %14s  %-6s %s%s%n",
                figure.id(), Figure.plain(figure.value()), figure.unit(), figure.target(),
                Figure.plain(figure.baseline()), mark, figure.name(),
                figure.why().isEmpty() ? "" : ": " + figure.why());
        }
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
