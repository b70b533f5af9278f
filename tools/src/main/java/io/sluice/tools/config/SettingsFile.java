package io.sluice.tools.config;

import io.sluice.tools.UsageException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a file of settings into dotted names and texts: {@code limit: {critical: 500}} and {@code limit.critical=500}
 * are the same.
 */
final class SettingsFile
{
    private static final int MAX_LENGTH = 1 << 20;

    private SettingsFile()
    {
    }

    /**
     * @param file that ends in {@code .yaml}, {@code .yml} or {@code .properties}.
     * @return its settings, in their order in YAML, sorted in properties.
     */
    static Map<String, String> read(final Path file)
    {
        final String name = file.toString().toLowerCase(Locale.ROOT);
        final boolean isYaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!isYaml && !name.endsWith(".properties"))
        {
            throw new UsageException("--config " + file + ": the name must end in .yaml, .yml or .properties");
        }
        try
        {
            if (Files.size(file) > MAX_LENGTH)
            {
                throw new UsageException(
                    "--config " + file + " has more than " + MAX_LENGTH + " bytes: no settings are that long");
            }
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8))
            {
                return isYaml ? readYaml(file, reader) : readProperties(reader);
            }
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            throw new UsageException("--config " + file + " can't be read: " + ex, ex);
        }
    }

    private static Map<String, String> readProperties(final Reader reader) throws IOException
    {
        final Properties properties = new Properties();
        properties.load(reader);
        final Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name).trim()));
        return settings;
    }

    private static Map<String, String> readYaml(final Path file, final Reader reader)
    {
        final LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        final Object root;
        try
        {
            root = new Yaml(new SafeConstructor(options)).load(reader);
        }
        catch (final YAMLException ex)
        {
            throw new UsageException("--config " + file + " is no YAML: " + ex.getMessage(), ex);
        }
        final Map<String, String> settings = new LinkedHashMap<>();
        if (root != null)
        {
            flatten(file, "", root, settings);
        }
        return settings;
    }

    private static void flatten(
        final Path file, final String name, final Object value, final Map<String, String> settings)
    {
        if (value instanceof Map)
        {
            ((Map<?, ?>)value).forEach(
                (key, member) ->
                    flatten(file, name.isEmpty() ? String.valueOf(key) : name + '.' + key, member, settings));
        }
        else if (name.isEmpty() || value instanceof Iterable)
        {
            throw new UsageException("--config " + file + ": " + (name.isEmpty() ? "the file" : "'" + name + "'") +
                " must be a mapping or a value, as in 'limit: {critical: 500}'");
        }
        else
        {
            settings.put(name, String.valueOf(value));
        }
    }
}
