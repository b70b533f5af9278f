package io.sluice.perf.peers;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.sluice.event.Priority;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Redis Streams: a server of the system, a stream per priority, a consumer group that reads all and acknowledges. */
final class RedisPeer implements Peer
{
    private static final String PROGRAM = "redis-server";
    private static final int BATCH = 128;
    private static final int READ_COUNT = 512;
    private static final Duration BLOCK = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final byte[] GROUP = bytes("perf");
    private static final byte[] FIELD = bytes("e");

    private final boolean isAlways;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final byte[][] streams = new byte[Priority.COUNT][];
    private String version = "";
    private ServerProcess server;
    private RedisClient client;
    private StatefulRedisConnection<byte[], byte[]> publishing;
    private StatefulRedisConnection<byte[], byte[]> reading;
    private Thread thread;
    private volatile boolean isClosed;
    private int pending;

    /**
     * @param isAlways whether the server forces its file before it answers; otherwise once a second.
     */
    RedisPeer(final boolean isAlways)
    {
        this.isAlways = isAlways;
        for (final Priority priority : Priority.values())
        {
            streams[priority.code()] = bytes("perf-" + priority.label());
        }
    }

    @Override
    public String name()
    {
        return isAlways ? "redis-always" : "redis-everysec";
    }

    @Override
    public DurabilityClass durability()
    {
        return isAlways ? DurabilityClass.POWER : DurabilityClass.PROCESS;
    }

    @Override
    public boolean isBroker()
    {
        return true;
    }

    @Override
    public String missing()
    {
        return ServerProcess.find(PROGRAM) == null ?
            PROGRAM + " is not installed: apt-get install redis-server" : "";
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals) throws Exception
    {
        final String program = ServerProcess.find(PROGRAM).toString();
        version = ServerProcess.output(List.of(program, "--version")).split(" ", -1)[2];
        final int port = ServerProcess.freePort();
        server = ServerProcess.start(
            List.of(program,
                "--port", Integer.toString(port),
                "--bind", "127.0.0.1",
                "--dir", Files.createDirectories(directory).toRealPath().toString(),
                "--daemonize", "no",
                "--save", "",
                "--appendonly", "yes",
                "--appendfsync", isAlways ? "always" : "everysec"),
            directory);
        client = RedisClient.create(RedisURI.create(InetAddress.getLoopbackAddress().getHostAddress(), port));
        publishing = server.await(() -> client.connect(ByteArrayCodec.INSTANCE));
        reading = client.connect(ByteArrayCodec.INSTANCE);
        for (final byte[] stream : streams)
        {
            reading.sync().xgroupCreate(
                StreamOffset.from(stream, "0"), GROUP, XGroupCreateArgs.Builder.mkstream());
        }
        thread = new Thread(() -> consume(arrivals), "perf-redis");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String settings()
    {
        return "redis-server " + version + ", loopback, appendonly yes, appendfsync " +
            (isAlways ? "always" : "everysec") + ", no snapshots, all else as shipped; Lettuce " +
            RedisClient.class.getPackage().getImplementationVersion() + ", a stream per priority, XREADGROUP of up " +
            "to " + READ_COUNT + " each and XACK; unbatched: one asynchronous XADD per event, sent at once; batched: " +
            "pipelines of " + BATCH + " XADD";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        if (pending > 0)
        {
            flush();
        }
        publishing.setAutoFlushCommands(true);
        add(event);
    }

    @Override
    public boolean hasBatches()
    {
        return true;
    }

    @Override
    public void publishBatched(final PeerEvent event)
    {
        publishing.setAutoFlushCommands(false);
        add(event);
        if (++pending == BATCH)
        {
            flush();
        }
    }

    @Override
    public void awaitAcknowledged()
    {
        if (pending > 0)
        {
            flush();
        }
        acknowledgements.awaitAll();
        if (failure.get() != null)
        {
            throw new MeasurementException("the consumer failed: " + failure.get(), failure.get());
        }
    }

    @Override
    public void close()
    {
        isClosed = true;
        if (thread != null)
        {
            ThreadEnd.await(thread);
        }
        if (client != null)
        {
            client.shutdown(Duration.ZERO, QUIET);
        }
        if (server != null)
        {
            server.close();
        }
    }

    private void add(final PeerEvent event)
    {
        acknowledgements.sent();
        publishing.async()
            .xadd(streams[event.priority().code()], Map.of(FIELD, event.toBytes()))
            .whenComplete((id, error) -> acknowledgements.acknowledged(error));
    }

    private void flush()
    {
        pending = 0;
        publishing.flushCommands();
    }

    private void consume(final ArrivalCheck arrivals)
    {
        final Consumer<byte[]> consumer = Consumer.from(GROUP, GROUP);
        final XReadArgs most = new XReadArgs().block(BLOCK).count(READ_COUNT);
        final StreamOffset<byte[]>[] offsets = offsets();
        try
        {
            while (!isClosed)
            {
                final List<StreamMessage<byte[], byte[]>> messages =
                    reading.sync().xreadgroup(consumer, most, offsets);
                for (final StreamMessage<byte[], byte[]> message : messages)
                {
                    arrivals.onArrival(message.getBody().values().iterator().next());
                }
                acknowledge(messages);
            }
        }
        catch (final RedisException e)
        {
            failure.compareAndSet(null, e);
        }
    }

    private void acknowledge(final List<StreamMessage<byte[], byte[]>> messages)
    {
        for (final byte[] stream : streams)
        {
            final List<String> ids = new ArrayList<>();
            for (final StreamMessage<byte[], byte[]> message : messages)
            {
                if (Arrays.equals(stream, message.getStream()))
                {
                    ids.add(message.getId());
                }
            }
            if (!ids.isEmpty())
            {
                reading.async().xack(stream, GROUP, ids.toArray(new String[0]))
                    .whenComplete((count, error) -> failure.compareAndSet(null, error));
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private StreamOffset<byte[]>[] offsets()
    {
        final StreamOffset[] offsets = new StreamOffset[streams.length];
        Arrays.setAll(offsets, (i) -> StreamOffset.lastConsumed(streams[i]));
        return offsets;
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
