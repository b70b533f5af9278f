package io.sluice.archive;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Events in the shape of an imported git history: commits and their files, hashes and ids random. */
final class GitTraffic
{
    private static final String[] WORDS = {
        "client", "server", "core", "log", "record", "fetch", "admin", "topic", "offset", "group", "stream", "state",
        "store", "metric", "config", "quota", "auth", "util", "test", "common", "internal", "network", "raft", "queue"};
    private static final String[] VERBS = {
        "Fix", "Add", "Remove", "Move", "Rename", "Use", "Avoid", "Improve", "Clean up", "Document", "Test", "Handle"};

    private final Random random;
    private final List<String> paths = new ArrayList<>();
    private final List<String[]> authors = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private final List<UUID> ids = new ArrayList<>();
    private final Deque<String> files = new ArrayDeque<>();
    private long seconds = 1_310_000_000L;
    private long journalTimeNs = ArchiveFixture.NOW_NS;
    private String hash;
    private UUID commitId;
    private String[] author;

    GitTraffic(final long seed)
    {
        random = new Random(seed);
        for (int i = 0; i < 60; i++)
        {
            authors.add(new String[] {"Dev " + word() + " " + word(), word() + "." + word() + i + "@example.org"});
        }
    }

    long journalTimeNs()
    {
        journalTimeNs += 300 + (long)Math.exp(7.2 + 0.5 * random.nextGaussian());
        return journalTimeNs;
    }

    void next(final EventBuilder event)
    {
        if (files.isEmpty())
        {
            commit(event);
        }
        else
        {
            file(event, files.poll());
        }
    }

    private void commit(final EventBuilder event)
    {
        final int count = 1 + (int)Math.abs(random.nextGaussian() * 6);
        for (int i = 0; i < count; i++)
        {
            if (paths.size() < 20 || random.nextInt(5) == 0)
            {
                paths.add(path());
            }
            files.add(paths.get(Math.max(0, paths.size() - 1 - (int)Math.abs(random.nextGaussian() * 150))));
        }
        seconds += random.nextInt(20_000);
        final byte[] bytes = new byte[20];
        random.nextBytes(bytes);
        hash = HexFormat.of().formatHex(bytes);
        commitId = id();
        author = authors.get((int)Math.min(59, Math.abs(random.nextGaussian() * 12)));
        final boolean isFirst = hashes.isEmpty();
        final int parent = hashes.size() - 1 - (random.nextInt(4) == 0 ? random.nextInt(hashes.size() + 1) / 20 : 0);
        final String subject =
            "MINOR-" + random.nextInt(20_000) + ": " + VERBS[random.nextInt(VERBS.length)] + " the " + word() + " " +
            word() + " when " + word() + " is " + word() + " (#" + random.nextInt(17_000) + ")";
        common(event, "git.commit", Priority.HIGH).id(commitId).subject(subject)
            .causationId(isFirst ? null : ids.get(parent).toString())
            .payload(utf8("{\"hash\":\"" + hash + "\",\"author\":\"" + author[0] + "\",\"email\":\"" + author[1] +
                "\",\"subject\":\"" + subject + "\",\"parents\":[" + (isFirst ? "" : '"' + hashes.get(parent) + '"') +
                "],\"filesChanged\":" + count + ",\"additions\":" + random.nextInt(400) + ",\"deletions\":" +
                random.nextInt(200) + "}"));
        hashes.add(hash);
        ids.add(commitId);
    }

    private void file(final EventBuilder event, final String path)
    {
        common(event, "file.modified", Priority.NORMAL).id(id()).subject(path).causationId(commitId.toString())
            .payload(utf8("{\"path\":\"" + path + "\",\"commit\":\"" + hash + "\",\"additions\":" +
                (int)Math.abs(random.nextGaussian() * 40) + ",\"deletions\":" +
                (int)Math.abs(random.nextGaussian() * 20) + "}"));
    }

    private EventBuilder common(final EventBuilder event, final String type, final Priority priority)
    {
        return event.clear().type(type).source("git:sample").priority(priority).category(Category.INTEGRATION)
            .eventTimeNs(seconds * 1_000_000_000L).correlationId(hash)
            .metadata("author", author[0]).metadata("email", author[1]);
    }

    private String path()
    {
        final String name = word();
        final String folder = word() + "/src/" + (random.nextBoolean() ? "main" : "test") + "/java/org/example/";
        return folder + word() + "/" + word() + "/" + Character.toUpperCase(name.charAt(0)) + name.substring(1) +
            word() + random.nextInt(9) + ".java";
    }

    private UUID id()
    {
        return new UUID(random.nextLong() & ~0xF000L | 0x8000L, random.nextLong() >>> 2 | 1L << 63);
    }

    private String word()
    {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private static byte[] utf8(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
