package io.sluice.query;

import io.sluice.index.IndexFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A journal whose events share keys of all kinds, to be asked with and without its index. */
final class IndexedJournal implements AutoCloseable
{
    private static final String[] TYPES = {"order.placed", "order.paid", "user.created"};
    private static final String[] SOURCES = {"", "a", "b"};
    private static final String[] PRIORITIES = {"critical", "high", "normal", "low"};

    private final Path directory;
    private final QueryFixture journal;

    IndexedJournal(final Path directory)
    {
        this.directory = directory;
        journal = new QueryFixture(directory);
    }

    @Override
    public void close()
    {
        journal.close();
    }

    /** @return sequences of what a query finds. */
    List<Long> sequences(final boolean isIndexed, final EventQuery question)
    {
        final List<Long> found = new ArrayList<>();
        try (JournalQuery query = open(isIndexed))
        {
            query.run(question, (event) -> found.add(event.sequence()));
        }
        return found;
    }

    JournalQuery open(final boolean isIndexed)
    {
        return JournalQuery.open(new QueryContext()
            .directory(directory)
            .useIndex(isIndexed)
            .index(IndexFixture.context(directory)));
    }

    /** Append events that depend on their sequences. */
    void fill(final int count)
    {
        fill(count, 0);
    }

    /** Append events that depend on their sequences and a seed. */
    void fill(final int count, final long seed)
    {
        final Random random = new Random(journal.nextSequence() ^ seed);
        for (int i = 0; i < count; i++)
        {
            journal.append(json(journal.nextSequence(), random));
        }
    }

    private static String json(final long n, final Random random)
    {
        final StringBuilder json = new StringBuilder("{\"id\":\"e-").append(n).append("\",\"type\":\"")
            .append(n % 1000 == 0 ? "user.deleted" : TYPES[random.nextInt(3)])
            .append("\",\"source\":\"").append(SOURCES[random.nextInt(3)])
            .append("\",\"priority\":\"").append(PRIORITIES[random.nextInt(4)])
            .append("\",\"category\":\"").append(random.nextBoolean() ? "domain" : "system")
            .append("\",\"timestamp\":\"2024-01-01T00:").append(String.format("%02d", n * 20 / 1000 % 60))
            .append(":").append(String.format("%02d", random.nextInt(60))).append("Z\"");
        if (random.nextInt(3) > 0)
        {
            json.append(",\"correlationId\":\"c-").append(n % 50).append('"');
        }
        if (random.nextInt(3) == 0)
        {
            json.append(",\"sessionId\":\"s-").append(random.nextInt(5)).append('"')
                .append(",\"workflowId\":\"w-").append(random.nextInt(100)).append('"');
        }
        if (n > 1 && random.nextBoolean())
        {
            json.append(",\"causationId\":\"e-").append(1 + random.nextInt((int)n - 1)).append('"');
        }
        if (random.nextInt(2) == 0)
        {
            json.append(",\"aggregate\":{\"type\":\"Order\",\"id\":\"o-").append(n % 20)
                .append("\",\"version\":").append(n * 80 / 3000).append('}');
        }
        return json.append(",\"payload\":{\"n\":").append(n).append("}}").toString();
    }
}
