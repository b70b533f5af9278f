package io.sluice.engine.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The durable subscriptions of a data directory, by name, in {@code control/subscriptions.json}:
 *
 * <pre>{@code
 * {"nextId":3,"subscriptions":[
 *   {"id":1,"name":"billing","subscriber":"","pattern":"order.*","where":"","minimumPriority":"low","mode":"tailing",
 *    "since":120,"createdNs":1705746600000000000,"paused":false}, …]}
 * }</pre>
 *
 * <p>Each change rewrites and forces the file: after a crash there is the old one or the new one. One thread at a time.
 */
public final class SubscriptionRegistry
{
    /** Name of the file in {@code control/}. */
    public static final String NAME = "subscriptions.json";

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final Map<String, RegisteredSubscription> byName = new LinkedHashMap<>();
    private long nextId = 1;

    private SubscriptionRegistry(final Path file)
    {
        this.file = file;
    }

    /**
     * Read the file, if there is one.
     *
     * @param file of the registry.
     * @return the registry.
     * @throws EventStorageException if the file can't be read or is damaged.
     */
    public static SubscriptionRegistry read(final Path file)
    {
        final SubscriptionRegistry registry = new SubscriptionRegistry(file);
        if (Files.exists(file))
        {
            try (JsonParser parser = JSON.createParser(Files.readAllBytes(file)))
            {
                registry.read(parser);
            }
            catch (final IOException ex)
            {
                throw new EventStorageException(
                    "subscriptions " + file + " can't be read (" + ex.getMessage() +
                    "): repair the file, or move it away to begin without durable subscriptions", ex);
            }
        }
        return registry;
    }

    /** @return all, in the order in which they were added. */
    public List<RegisteredSubscription> list()
    {
        return new ArrayList<>(byName.values());
    }

    /**
     * @param name of a subscription.
     * @return it, or null.
     */
    public RegisteredSubscription find(final String name)
    {
        return byName.get(name);
    }

    /** @return an id that was never given before; it is taken when one with that id is put. */
    public long nextId()
    {
        return nextId;
    }

    /**
     * Add one, or put it in the place of the one with its name. Blocks for the device.
     *
     * @param subscription to keep.
     * @throws EventStorageException if it can't be written; nothing is changed then.
     */
    public void put(final RegisteredSubscription subscription)
    {
        final Map<String, RegisteredSubscription> changed = new LinkedHashMap<>(byName);
        changed.put(subscription.name(), subscription);
        final long next = Math.max(nextId, subscription.id() + 1);
        write(changed, next);
        byName.put(subscription.name(), subscription);
        nextId = next;
    }

    /**
     * Forget one. Blocks for the device.
     *
     * @param name of it.
     * @throws EventStorageException if it can't be written; nothing is changed then.
     */
    public void remove(final String name)
    {
        final Map<String, RegisteredSubscription> changed = new LinkedHashMap<>(byName);
        if (changed.remove(name) != null)
        {
            write(changed, nextId);
            byName.remove(name);
        }
    }

    private void read(final JsonParser parser) throws IOException
    {
        expect(parser.nextToken() == JsonToken.START_OBJECT, parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME)
        {
            final String name = parser.currentName();
            parser.nextToken();
            if ("nextId".equals(name))
            {
                nextId = parser.getLongValue();
            }
            else if ("subscriptions".equals(name))
            {
                expect(parser.currentToken() == JsonToken.START_ARRAY, parser);
                while (parser.nextToken() == JsonToken.START_OBJECT)
                {
                    final RegisteredSubscription one = readOne(parser);
                    byName.put(one.name(), one);
                }
                expect(parser.currentToken() == JsonToken.END_ARRAY, parser);
            }
            else
            {
                parser.skipChildren();
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT, parser);
        for (final RegisteredSubscription one : byName.values())
        {
            nextId = Math.max(nextId, one.id() + 1);
        }
    }

    private static RegisteredSubscription readOne(final JsonParser parser) throws IOException
    {
        final Map<String, String> texts = new LinkedHashMap<>();
        long id = 0;
        long since = 0;
        long createdNs = 0;
        boolean isPaused = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME)
        {
            final String name = parser.currentName();
            parser.nextToken();
            switch (name)
            {
                case "id" -> id = parser.getLongValue();
                case "since" -> since = parser.getLongValue();
                case "createdNs" -> createdNs = parser.getLongValue();
                case "paused" -> isPaused = parser.getBooleanValue();
                default -> texts.put(name, parser.getText());
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT && id > 0 && texts.containsKey("name"), parser);
        return new RegisteredSubscription(
            id,
            texts.get("name"),
            texts.getOrDefault("subscriber", ""),
            texts.getOrDefault("pattern", ""),
            texts.getOrDefault("where", ""),
            texts.getOrDefault("minimumPriority", ""),
            texts.getOrDefault("mode", ""),
            since,
            createdNs,
            isPaused);
    }

    private static void expect(final boolean isSo, final JsonParser parser) throws IOException
    {
        if (!isSo)
        {
            throw new IOException("not as it was written, at line " + parser.currentLocation().getLineNr());
        }
    }

    private void write(final Map<String, RegisteredSubscription> all, final long next)
    {
        final Path half = file.resolveSibling(file.getFileName() + ".new");
        try
        {
            Files.createDirectories(file.getParent());
            final byte[] bytes = text(all, next).getBytes(StandardCharsets.UTF_8);
            try (FileChannel channel = FileChannel.open(
                half, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))
            {
                final ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining())
                {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory(file.getParent());
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                "subscriptions " + file + " can't be written: " + ex.getMessage() +
                "; nothing was changed", ex);
        }
    }

    private static String text(final Map<String, RegisteredSubscription> all, final long next) throws IOException
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text))
        {
            json.writeStartObject();
            json.writeNumberField("nextId", next);
            json.writeArrayFieldStart("subscriptions");
            for (final RegisteredSubscription one : all.values())
            {
                // A line each, for people who look.
                json.writeRaw('\n');
                json.writeStartObject();
                json.writeNumberField("id", one.id());
                json.writeStringField("name", one.name());
                json.writeStringField("subscriber", one.subscriber());
                json.writeStringField("pattern", one.pattern());
                json.writeStringField("where", one.where());
                json.writeStringField("minimumPriority", one.minimumPriority());
                json.writeStringField("mode", one.mode());
                json.writeNumberField("since", one.since());
                json.writeNumberField("createdNs", one.createdNs());
                json.writeBooleanField("paused", one.isPaused());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return text.toString();
    }

    // Where a directory can't be forced, the rename is as safe as the file system makes it.
    private static void forceDirectory(final Path directory)
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
        catch (final IOException ex)
        {
            org.slf4j.LoggerFactory.getLogger(SubscriptionRegistry.class)
                .debug("{} can't be forced: {}", directory, ex.toString());
        }
    }
}
