package io.sluice.perf.soak;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** What was seen, a row for each time. Not thread-safe: written by the sampler, read once that has ended. */
final class SoakSamples
{
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DIGITS = 6;

    private final List<Series> series;
    private final List<double[]> rows = new ArrayList<>();
    private final List<Double> times = new ArrayList<>();

    /**
     * @param series in the order of the values of a row.
     */
    SoakSamples(final List<Series> series)
    {
        this.series = List.copyOf(series);
    }

    /**
     * @param atS    seconds since the start.
     * @param values of all series, NaN where there is none.
     */
    void add(final double atS, final double[] values)
    {
        if (values.length != series.size())
        {
            throw new IllegalArgumentException(values.length + " values of " + series.size() + " series");
        }
        times.add(atS);
        rows.add(values.clone());
    }

    List<Series> series()
    {
        return series;
    }

    int count()
    {
        return rows.size();
    }

    /** @return seconds since the start. */
    double[] times()
    {
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** @return values of one series. */
    double[] values(final int index)
    {
        return rows.stream().mapToDouble((row) -> row[index]).toArray();
    }

    /**
     * @param warmUpS seconds at the start that are not judged.
     * @return all of it as JSON, for the page.
     */
    String toJson(final double warmUpS)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text))
        {
            json.writeStartObject();
            json.writeNumberField("warmUpS", number(warmUpS));
            json.writeArrayFieldStart("atS");
            for (final double at : times())
            {
                json.writeNumber(number(at));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("series");
            for (int i = 0; i < series.size(); i++)
            {
                write(json, series.get(i), values(i));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(final JsonGenerator json, final Series series, final double[] values) throws IOException
    {
        json.writeStartObject();
        json.writeStringField("id", series.id());
        json.writeStringField("name", series.name());
        json.writeStringField("group", series.group());
        json.writeStringField("unit", series.unit());
        json.writeArrayFieldStart("values");
        for (final double value : values)
        {
            if (Double.isNaN(value))
            {
                json.writeNull();
            }
            else
            {
                json.writeNumber(number(value));
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static BigDecimal number(final double value)
    {
        return new BigDecimal(value).round(new MathContext(DIGITS));
    }
}
