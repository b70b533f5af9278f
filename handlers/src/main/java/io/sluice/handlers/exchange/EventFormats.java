package io.sluice.handlers.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The formats there are, by name and by ending: those of Sluice, those that a {@link ServiceLoader} finds on the class
 * path, and those that were added. One that is added later goes before. Not thread-safe.
 */
public final class EventFormats
{
    /** What NDJSON is called. */
    public static final String NDJSON = "ndjson";

    private final List<EventFormat> formats = new ArrayList<>();

    private EventFormats()
    {
    }

    /**
     * @return all formats on the class path.
     * @throws ExchangeException if one of them can't be made.
     */
    public static EventFormats load()
    {
        final EventFormats formats = new EventFormats();
        try
        {
            ServiceLoader.load(EventFormat.class, EventFormats.class.getClassLoader()).forEach(formats.formats::add);
        }
        catch (final ServiceConfigurationError ex)
        {
            throw new ExchangeException("a format on the class path can't be used: " + ex.getMessage(), ex);
        }
        return formats;
    }

    /**
     * Add one.
     *
     * @param format that goes before all there are.
     * @return this.
     */
    public EventFormats add(final EventFormat format)
    {
        formats.add(0, format);
        return this;
    }

    /** @return the names of all, in order. */
    public List<String> names()
    {
        return formats.stream().map(EventFormat::name).distinct().collect(Collectors.toList());
    }

    /**
     * @param name of a format, in any case.
     * @return the format.
     * @throws ExchangeRefusedException if there is none of that name.
     */
    public EventFormat named(final String name)
    {
        final String wanted = name.toLowerCase(Locale.ROOT);
        return formats.stream().filter((format) -> format.name().equals(wanted)).findFirst().orElseThrow(
            () -> new ExchangeRefusedException(
                "format '" + name + "' is not known: use " + String.join(", ", names())));
    }

    /**
     * @param file whose ending says the format.
     * @return the format.
     * @throws ExchangeRefusedException if no format has such an ending.
     */
    public EventFormat ofFile(final String file)
    {
        final String name = file.toLowerCase(Locale.ROOT);
        final Optional<EventFormat> found = formats.stream()
            .filter((format) -> format.endings().stream().anyMatch(name::endsWith))
            .findFirst();
        return found.orElseThrow(() -> new ExchangeRefusedException(
            "the name of " + file + " does not say its format (" +
            formats.stream().flatMap((format) -> format.endings().stream()).collect(Collectors.joining(", ")) +
            "): name the format, one of " + String.join(", ", names())));
    }
}
