package io.sluice.perf.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link FigureReport#toJson()} wrote, read again. Immutable.
 *
 * @param ok      what it says of itself.
 * @param figures of it.
 * @param host    facts, in their order; a list of texts, or a text.
 */
public record FigureFile(boolean ok, List<Figure> figures, Map<String, Object> host)
{
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Read a report.
     *
     * @param text of a file.
     * @return the report, empty if the text is JSON of something else.
     * @throws IOException if it is not one JSON value, or a figure is not one.
     */
    public static Optional<FigureFile> parse(final String text) throws IOException
    {
        try (JsonParser json = JSON.createParser(text))
        {
            if (json.nextToken() == null)
            {
                throw new IOException("it is empty");
            }
            final FigureFile file = json.currentToken() == JsonToken.START_OBJECT ? read(json) : skip(json);
            if (json.nextToken() != null)
            {
                throw new IOException("there is more than one JSON value in it");
            }
            return Optional.ofNullable(file);
        }
    }

    /** @return the command that measures these figures once more; empty if it is not known. */
    public String command()
    {
        return host.getOrDefault("command", "").toString();
    }

    /** @return what the reader of the figures is to be warned of. */
    public List<String> warnings()
    {
        final List<String> warnings = new ArrayList<>();
        if (host.get("warnings") instanceof List)
        {
            ((List<?>)host.get("warnings")).forEach((warning) -> warnings.add(warning.toString()));
        }
        return warnings;
    }

    private static FigureFile skip(final JsonParser json) throws IOException
    {
        json.skipChildren();
        return null;
    }

    private static FigureFile read(final JsonParser json) throws IOException
    {
        boolean ok = false;
        List<Figure> figures = null;
        Map<String, Object> host = Map.of();
        while (json.nextToken() != JsonToken.END_OBJECT)
        {
            final String name = json.currentName();
            final JsonToken value = json.nextToken();
            if ("ok".equals(name))
            {
                ok = value == JsonToken.VALUE_TRUE;
            }
            else if ("figures".equals(name) && value == JsonToken.START_ARRAY)
            {
                figures = readFigures(json);
            }
            else if ("host".equals(name) && value == JsonToken.START_OBJECT)
            {
                host = readHost(json);
            }
            else
            {
                json.skipChildren();
            }
        }
        return figures == null ? null : new FigureFile(ok, List.copyOf(figures), host);
    }

    private static List<Figure> readFigures(final JsonParser json) throws IOException
    {
        final List<Figure> figures = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT)
        {
            final Map<String, String> fields = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT)
            {
                final String name = json.currentName();
                json.nextToken();
                final String value = json.getValueAsString();
                if (value != null)
                {
                    fields.put(name, value);
                }
                json.skipChildren();
            }
            figures.add(figure(fields));
        }
        return figures;
    }

    private static Figure figure(final Map<String, String> fields) throws IOException
    {
        if (fields.getOrDefault("id", "").isEmpty() || !fields.containsKey("ok"))
        {
            throw new IOException("a figure without id or ok: " + fields);
        }
        return new Figure(
            fields.get("id"),
            fields.getOrDefault("name", ""),
            number(fields.get("value")),
            fields.getOrDefault("unit", ""),
            fields.getOrDefault("target", ""),
            number(fields.get("baseline")),
            Boolean.parseBoolean(fields.get("ok")),
            fields.getOrDefault("why", ""));
    }

    private static double number(final String text) throws IOException
    {
        try
        {
            return text == null ? Double.NaN : Double.parseDouble(text);
        }
        catch (final NumberFormatException e)
        {
            throw new IOException("'" + text + "' is no number", e);
        }
    }

    private static Map<String, Object> readHost(final JsonParser json) throws IOException
    {
        final Map<String, Object> host = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT)
        {
            final String name = json.currentName();
            if (json.nextToken() == JsonToken.START_ARRAY)
            {
                final List<String> texts = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY)
                {
                    texts.add(String.valueOf(json.getValueAsString()));
                    json.skipChildren();
                }
                host.put(name, texts);
            }
            else if (json.currentToken().isScalarValue())
            {
                host.put(name, String.valueOf(json.getValueAsString()));
            }
            else
            {
                json.skipChildren();
            }
        }
        return host;
    }
}
