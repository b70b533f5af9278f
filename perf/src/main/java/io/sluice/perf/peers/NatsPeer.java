package io.sluice.perf.peers;

import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.sluice.perf.report.MeasurementException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NATS JetStream: a server of the system, one stream in files with a subject per priority, one pull consumer. */
final class NatsPeer implements Peer
{
    private static final String PROGRAM = "nats-server";
    private static final String STREAM = "PERF";
    private static final String SUBJECT = "perf.";
    private static final int FETCH = 1024;
    private static final int ACKNOWLEDGE_EVERY = 64;
    private static final long MAX_UNACKNOWLEDGED = 10_000;
    // The option came with it.
    private static final int SYNC_MAJOR = 2;
    private static final int SYNC_MINOR = 10;
    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+)\\.\\d+");

    private final boolean isAlways;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private AtomicReference<Throwable> failure = new AtomicReference<>();
    private String version = "";
    private ServerProcess server;
    private Connection connection;
    private JetStream stream;
    private MessageConsumer consumer;
    private long taken;

    /**
     * @param isAlways whether the server forces every message before it answers; otherwise every two minutes.
     */
    NatsPeer(final boolean isAlways)
    {
        this.isAlways = isAlways;
    }

    @Override
    public String name()
    {
        return isAlways ? "nats-always" : "nats";
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
        final Path program = ServerProcess.find(PROGRAM);
        if (program == null)
        {
            return PROGRAM + " is not installed: apt-get install nats-server";
        }
        final String found = ServerProcess.output(List.of(program.toString(), "--version"));
        return isAlways && !canSyncAlways(found) ? found + " has no sync_interval, which came with 2.10" : "";
    }

    /**
     * @param text that the server prints as its version.
     * @return whether it knows the option.
     */
    static boolean canSyncAlways(final String text)
    {
        final Matcher matcher = VERSION.matcher(text);
        if (!matcher.find())
        {
            return false;
        }
        final int major = Integer.parseInt(matcher.group(1));
        return major > SYNC_MAJOR || major == SYNC_MAJOR && Integer.parseInt(matcher.group(2)) >= SYNC_MINOR;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals) throws Exception
    {
        final String program = ServerProcess.find(PROGRAM).toString();
        version = ServerProcess.output(List.of(program, "--version"));
        final int port = ServerProcess.freePort();
        final Path settings = Files.createDirectories(directory).toRealPath().resolve("nats.conf");
        Files.write(settings, List.of(
            "host: 127.0.0.1",
            "port: " + port,
            "jetstream {",
            "  store_dir: \"" + settings.resolveSibling("store") + "\"",
            isAlways ? "  sync_interval: always" : "  # forced every two minutes",
            "}"));
        server = ServerProcess.start(List.of(program, "-c", settings.toString()), directory);
        connection = server.await(() -> connect(port));
        connection.jetStreamManagement().addStream(StreamConfiguration.builder()
            .name(STREAM)
            .subjects(SUBJECT + "*")
            .storageType(StorageType.File)
            .build());
        stream = connection.jetStream();
        final Dispatcher dispatcher = connection.createDispatcher();
        consumer = connection.getStreamContext(STREAM)
            .createOrUpdateConsumer(ConsumerConfiguration.builder()
                .durable("perf")
                .ackPolicy(AckPolicy.All)
                .maxAckPending(MAX_UNACKNOWLEDGED)
                .build())
            .consume(
                ConsumeOptions.builder().batchSize(FETCH).build(),
                dispatcher,
                (message) -> consume(message, arrivals));
    }

    // A listener for each attempt: one that came too early hears of it at any time.
    private Connection connect(final int port) throws Exception
    {
        final Listener listener = new Listener();
        final Connection made = Nats.connect(new Options.Builder()
            .server("nats://127.0.0.1:" + port)
            .noReconnect()
            .errorListener(listener)
            .build());
        failure = listener.failure;
        return made;
    }

    @Override
    public String settings()
    {
        return version + ", loopback, JetStream in files, one stream with a subject per priority, " +
            (isAlways ? "sync_interval always" : "sync_interval as shipped, two minutes") + ", all else as shipped; " +
            "jnats " + Nats.CLIENT_VERSION + ", pull consumer of up to " + FETCH + ", max_ack_pending " +
            MAX_UNACKNOWLEDGED + ", acknowledges all up to each " +
            ACKNOWLEDGE_EVERY + "th; unbatched: one publishAsync per event; no batches: the same";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        acknowledgements.sent();
        // What becomes of it the callback says.
        final CompletableFuture<PublishAck> unused = stream
            .publishAsync(SUBJECT + event.priority().label(), event.toBytes())
            .whenComplete((done, error) -> acknowledgements.acknowledged(error));
    }

    @Override
    public void awaitAcknowledged()
    {
        acknowledgements.awaitAll();
        if (failure.get() != null)
        {
            throw new MeasurementException("the client failed: " + failure.get(), failure.get());
        }
    }

    @Override
    public void close()
    {
        try
        {
            if (consumer != null)
            {
                consumer.stop();
            }
            if (connection != null)
            {
                connection.close();
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            if (server != null)
            {
                server.close();
            }
        }
    }

    private void consume(final Message message, final ArrivalCheck arrivals)
    {
        arrivals.onArrival(message.getData());
        if (++taken % ACKNOWLEDGE_EVERY == 0 || message.metaData().pendingCount() == 0)
        {
            message.ack();
        }
    }

    private static final class Listener implements ErrorListener
    {
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        @Override
        public void errorOccurred(final Connection connection, final String error)
        {
            failure.compareAndSet(null, new IOException(error));
        }

        @Override
        public void exceptionOccurred(final Connection connection, final Exception error)
        {
            failure.compareAndSet(null, error);
        }
    }
}
