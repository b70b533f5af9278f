package io.sluice.perf.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The source tree that the tests run in. */
final class Checkout
{
    private static final Path ROOT = find();

    private Checkout()
    {
    }

    static Path path(final String relative)
    {
        return ROOT.resolve(relative);
    }

    static String read(final String relative)
    {
        try
        {
            return Files.readString(path(relative));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Simple names of the classes in the test sources of all modules. */
    static Set<String> testClasses()
    {
        final Set<String> names = new TreeSet<>();
        for (final Path module : children(ROOT))
        {
            final Path tests = module.resolve("src/test/java");
            if (Files.isDirectory(tests))
            {
                try (Stream<Path> files = Files.walk(tests))
                {
                    files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
                }
                catch (final IOException ex)
                {
                    throw new UncheckedIOException(ex);
                }
            }
        }
        return names;
    }

    private static List<Path> children(final Path directory)
    {
        final List<Path> children = new ArrayList<>();
        try (Stream<Path> stream = Files.list(directory))
        {
            stream.filter(Files::isDirectory).forEach(children::add);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return children;
    }

    private static Path find()
    {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/requirements.md")))
        {
            directory = directory.getParent();
            if (directory == null)
            {
                throw new IllegalStateException("run the tests inside the source tree: docs/requirements.md not found");
            }
        }
        return directory;
    }
}
