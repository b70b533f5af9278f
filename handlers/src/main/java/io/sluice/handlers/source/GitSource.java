package io.sluice.handlers.source;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * The history of a git repository, from the first commit to HEAD, parents before their children.
 *
 * <pre>
 *   commit ──► git.commit     HIGH   {"hash","author","email","subject","parents","filesChanged", …}
 *     ├──────► file.created   LOW   ┐
 *     ├──────► file.modified  NORMAL├ {"path","commit","additions","deletions"}; "binary":true in place of the counts;
 *     └──────► file.deleted   NORMAL┘ "pathHex" as well where the path is not UTF-8
 * </pre>
 *
 * <ul>
 * <li>The event time is the time of the commit, the correlation id its hash, the subject the path (of a commit: its
 *     subject).
 * <li>Ids follow from hash, change and path ({@link NameBasedId}): importing a history again gives the same ids. A
 *     commit is caused by its first parent, a file by its commit.
 * <li>A rename is what git stores: the old path deleted, the new one created, both under one correlation id. Guessing
 *     which belong together would make the events depend on a threshold.
 * <li>A merge is a {@code git.commit} with several parents and no files: its files changed in the commits that it
 *     joins.
 * </ul>
 *
 * <p>Runs {@code git log} and reads its output as it comes, one commit in memory at a time. Changes nothing in the
 * repository, runs no hook, opens no connection.
 */
final class GitSource implements EventSource
{
    private static final String NAMESPACE = "io.sluice git";
    private static final byte[] COMMIT = "commit".getBytes(US_ASCII);
    private static final byte[] CREATED = "created".getBytes(US_ASCII);
    private static final byte[] MODIFIED = "modified".getBytes(US_ASCII);
    private static final byte[] DELETED = "deleted".getBytes(US_ASCII);
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_SUBJECT_LENGTH = 1024;
    private static final int MAX_TEXT_LENGTH = 4096;

    private final NameBasedId ids = new NameBasedId(NAMESPACE);
    private final PayloadWriter payload = new PayloadWriter();
    private final String name;
    private final Process process;
    private final GitCommand.ErrorText errors;
    private final GitLogReader reader;
    private Iterator<GitChange> changes = List.<GitChange>of().iterator();
    private GitCommit commit;
    private UUID commitId;
    private volatile boolean isClosed;

    private GitSource(final String name, final Process process)
    {
        this.name = name;
        this.process = process;
        errors = process == null ? null : new GitCommand.ErrorText(process.getErrorStream());
        reader = process == null ? null : new GitLogReader(process.getInputStream());
    }

    /**
     * Start reading.
     *
     * @param spec for messages.
     * @param path of a repository, or of a directory inside one; a repository without commits is an empty source.
     * @return the source.
     * @throws EventSourceException if there is no readable repository, or no git.
     */
    static GitSource open(final String spec, final String path)
    {
        final Path directory = GitCommand.existingDirectory(spec, path);
        final GitCommand.Result head = GitCommand.run(directory, "rev-parse", "--quiet", "--verify", "HEAD^{commit}");
        if (head.exitCode() == 0)
        {
            return new GitSource(nameOf(directory), GitCommand.start(directory, GitLogReader.ARGUMENTS));
        }
        if (!head.errors().isEmpty())
        {
            throw new EventSourceException(spec + ": " + explain(head.errors()));
        }
        final GitCommand.Result branch = GitCommand.run(directory, "symbolic-ref", "--quiet", "HEAD");
        final GitCommand.Result any = GitCommand.run(directory, "for-each-ref", "--count=1", "--format=%(refname)");
        if (branch.exitCode() != 0 || any.exitCode() != 0 || !any.output().isEmpty())
        {
            throw new EventSourceException(spec + ": HEAD names no commit" +
                (branch.output().isEmpty() ? "" : " (it is " + branch.output() + ")") +
                ": check out a branch that has commits" + (any.output().isEmpty() ? "" : ", such as " + any.output()));
        }
        return new GitSource(nameOf(directory), null);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public String position()
    {
        return commit == null ? "" : "commit " + commit.hash();
    }

    @Override
    public boolean next(final EventBuilder event)
    {
        if (isClosed || process == null)
        {
            return false;
        }
        if (changes.hasNext())
        {
            fillFile(event, changes.next());
            return true;
        }
        if (!readCommit())
        {
            return false;
        }
        changes = commit.changes().iterator();
        fillCommit(event);
        return true;
    }

    @Override
    public void close()
    {
        isClosed = true;
        if (process != null)
        {
            process.destroy();
        }
    }

    private boolean readCommit()
    {
        try
        {
            commit = reader.next();
            if (commit != null)
            {
                return true;
            }
            final int exitCode = process.waitFor();
            if (exitCode != 0 && !isClosed)
            {
                throw new EventStreamException(
                    name + ": the history ends too early, git log ended with code " + exitCode + ": " +
                    explain(errors.await()));
            }
            return false;
        }
        catch (final IOException ex)
        {
            if (isClosed)
            {
                return false;
            }
            throw new EventStreamException(name + ": the history can't be read further: " + ex.getMessage() + " " +
                explain(errors.await()), ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void fillCommit(final EventBuilder event)
    {
        commitId = commitId(commit.hash());
        fillCommon(event, "git.commit", Priority.HIGH)
            .id(commitId)
            .subject(ShortText.ofBytes(commit.subject(), MAX_SUBJECT_LENGTH))
            .causationId(commit.parents().isEmpty() ? null : commitId(commit.parents().get(0)).toString());
        long additions = 0;
        long deletions = 0;
        for (final GitChange change : commit.changes())
        {
            if (!change.isBinary())
            {
                additions += change.additions();
                deletions += change.deletions();
            }
        }
        payload.start()
            .text("hash", commit.hash())
            .text("author", ShortText.ofBytes(commit.author(), MAX_TEXT_LENGTH))
            .text("email", ShortText.ofBytes(commit.email(), MAX_TEXT_LENGTH))
            .text("subject", ShortText.ofBytes(commit.subject(), MAX_TEXT_LENGTH))
            .texts("parents", commit.parents())
            .number("filesChanged", commit.changes().size())
            .number("additions", additions)
            .number("deletions", deletions)
            .end(event);
    }

    private void fillFile(final EventBuilder event, final GitChange change)
    {
        final boolean isCreated = change.status() == 'A';
        final boolean isDeleted = change.status() == 'D';
        final String type = isCreated ? "file.created" : isDeleted ? "file.deleted" : "file.modified";
        final byte[] kind = isCreated ? CREATED : isDeleted ? DELETED : MODIFIED;
        final PathText path = PathText.of(change.path());
        fillCommon(event, type, isCreated ? Priority.LOW : Priority.NORMAL)
            .id(ids.of(commit.hash().getBytes(US_ASCII), kind, change.path()))
            .subject(ShortText.ofBytes(path.text(), MAX_SUBJECT_LENGTH))
            .causationId(commitId.toString());
        payload.start().text("path", path.text());
        if (path.hex() != null)
        {
            payload.text("pathHex", path.hex());
        }
        payload.text("commit", commit.hash());
        if (change.isBinary())
        {
            payload.flag("binary", true);
        }
        else
        {
            payload.number("additions", change.additions()).number("deletions", change.deletions());
        }
        payload.end(event);
    }

    private EventBuilder fillCommon(final EventBuilder event, final String type, final Priority priority)
    {
        return event.clear()
            .type(type)
            .source(name)
            .priority(priority)
            .category(Category.INTEGRATION)
            .eventTimeNs(epochNs(commit.timeSeconds()))
            .correlationId(commit.hash())
            .metadata("author", ShortText.ofBytes(commit.author(), MAX_TEXT_LENGTH))
            .metadata("email", ShortText.ofBytes(commit.email(), MAX_TEXT_LENGTH));
    }

    private UUID commitId(final String hash)
    {
        return ids.of(hash.getBytes(US_ASCII), COMMIT);
    }

    // A commit may claim a time that nanoseconds can't hold; the nearest is better than none.
    private static long epochNs(final long seconds)
    {
        final long most = Long.MAX_VALUE / NS_PER_SECOND;
        return Math.max(-most, Math.min(most, seconds)) * NS_PER_SECOND;
    }

    private static String nameOf(final Path directory)
    {
        final GitCommand.Result top = GitCommand.run(directory, "rev-parse", "--show-toplevel");
        final Path root = top.exitCode() == 0 && !top.output().isEmpty() ?
            Path.of(top.output()) : directory.toAbsolutePath().normalize();
        return ShortText.ofBytes("git:" + (root.getFileName() == null ? "/" : root.getFileName()), MAX_NAME_LENGTH);
    }

    private static String explain(final String errors)
    {
        if (errors.contains("dubious ownership"))
        {
            return "git does not trust this repository because another user owns it: run" +
                " 'git config --global --add safe.directory DIR' with its absolute path, if you trust it";
        }
        if (errors.contains("not a git repository"))
        {
            return "not a git repository: name a directory inside one";
        }
        return errors.isEmpty() ? "git gave no reason" : "git says: " + errors;
    }
}
