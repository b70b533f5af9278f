package io.sluice.perf.peers;

import io.sluice.perf.report.MeasurementException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** One Kafka broker and controller in a child JVM, started as Kafka's own scripts do it. Used by one thread. */
final class KafkaServer implements AutoCloseable
{
    /** Those of Kafka's scripts. */
    static final String FLAGS = "-Xms1g -Xmx1g -XX:+UseG1GC -XX:MaxGCPauseMillis=20 " +
        "-XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent";

    private final ServerProcess process;
    private final int port;

    private KafkaServer(final ServerProcess process, final int port)
    {
        this.process = process;
        this.port = port;
    }

    /**
     * Format a directory and start a broker on it.
     *
     * @param directory that does not exist yet.
     * @param isForced  whether it forces every append.
     * @return the broker; it listens.
     * @throws IOException if the directory can't be used.
     */
    static KafkaServer start(final Path directory, final boolean isForced) throws IOException
    {
        final int port = ServerProcess.freePort();
        final int controllerPort = ServerProcess.freePort();
        final Path logs = Files.createDirectories(directory).resolve("logs");
        final Path settings = directory.resolve("server.properties");
        Files.write(settings, List.of(
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
            "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
            "controller.listener.names=CONTROLLER",
            "inter.broker.listener.name=PLAINTEXT",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs=" + logs,
            "num.partitions=1",
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            isForced ? "log.flush.interval.messages=1" : "# flushes are left to the system",
            "group.initial.rebalance.delay.ms=0"));
        ServerProcess.output(java("-Xmx256m -XX:TieredStopAtLevel=1 -Xshare:auto", "kafka.tools.StorageTool",
            "format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString()));
        final KafkaServer server = new KafkaServer(
            ServerProcess.start(java(FLAGS, "kafka.Kafka", settings.toString()), directory), port);
        try
        {
            server.awaitListening();
            return server;
        }
        catch (final MeasurementException e)
        {
            server.close();
            throw e;
        }
    }

    /** @return host and port. */
    String address()
    {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close()
    {
        process.close();
    }

    private void awaitListening()
    {
        process.await(() ->
        {
            try (Socket socket = new Socket())
            {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return port;
            }
        });
    }

    private static List<String> java(final String flags, final String... mainAndArguments)
    {
        final List<String> line = new ArrayList<>();
        line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        line.addAll(List.of(flags.split(" ", -1)));
        line.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        line.add("-cp");
        line.add(classPath());
        line.addAll(List.of(mainAndArguments));
        return line;
    }

    // The working directory of the child is another one.
    private static String classPath()
    {
        final List<String> entries = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1))
        {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
