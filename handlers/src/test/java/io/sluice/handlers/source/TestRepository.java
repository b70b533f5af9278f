package io.sluice.handlers.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real git repository in a directory of the test, with fixed names and dates. */
final class TestRepository
{
    private final Path root;
    private long seconds = 1_700_000_000L;

    TestRepository(final Path root)
    {
        this.root = root;
        git("init", "--quiet", "--initial-branch=main");
    }

    Path root()
    {
        return root;
    }

    TestRepository write(final String path, final String content)
    {
        try
        {
            final Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** Commit everything, a minute after the last commit; returns the hash. */
    String commit(final String message)
    {
        git("add", "--all");
        return commitIndex(message);
    }

    String commitIndex(final String message)
    {
        git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", message);
        return head();
    }

    String head()
    {
        return git("rev-parse", "HEAD").trim();
    }

    long lastCommitSeconds()
    {
        return seconds;
    }

    String git(final String... arguments)
    {
        return run(root, null, tick(arguments), arguments);
    }

    String gitWithInput(final byte[] input, final String... arguments)
    {
        return run(root, input, seconds, arguments);
    }

    private long tick(final String... arguments)
    {
        if ("commit".equals(arguments[0]) || "merge".equals(arguments[0]))
        {
            seconds += 60;
        }
        return seconds;
    }

    private static String run(final Path directory, final byte[] input, final long seconds, final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_SYSTEM", "/dev/null");
        builder.environment().put("GIT_AUTHOR_NAME", "Zoë \"Q\" Ångström");
        builder.environment().put("GIT_AUTHOR_EMAIL", "zoe@example.org");
        builder.environment().put("GIT_COMMITTER_NAME", "Committer");
        builder.environment().put("GIT_COMMITTER_EMAIL", "committer@example.org");
        builder.environment().put("GIT_AUTHOR_DATE", "@1000000000 +0000");
        builder.environment().put("GIT_COMMITTER_DATE", "@" + seconds + " +0200");
        try
        {
            final Process process = builder.start();
            try (var stdin = process.getOutputStream())
            {
                if (input != null)
                {
                    stdin.write(input);
                }
            }
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0)
            {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }
}
