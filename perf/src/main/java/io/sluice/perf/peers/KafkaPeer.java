package io.sluice.perf.peers;

import io.sluice.event.Priority;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka: one broker in a JVM of its own, a topic of one partition per priority, one consumer of all. */
final class KafkaPeer implements Peer
{
    private static final String TOPIC = "perf-";
    private static final int BATCH_BYTES = 1 << 16;
    private static final int LINGER_MS = 5;
    private static final long TIMEOUT_S = 60;
    private static final Duration POLL = Duration.ofMillis(100);

    private final boolean isForced;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private String version = "";
    private KafkaServer server;
    private KafkaProducer<byte[], byte[]> single;
    private KafkaProducer<byte[], byte[]> gathering;
    private KafkaConsumer<byte[], byte[]> consumer;
    private Thread thread;

    /**
     * @param isForced whether the broker forces every append before it answers.
     */
    KafkaPeer(final boolean isForced)
    {
        this.isForced = isForced;
    }

    @Override
    public String name()
    {
        return isForced ? "kafka-forced" : "kafka";
    }

    @Override
    public DurabilityClass durability()
    {
        return isForced ? DurabilityClass.POWER : DurabilityClass.PROCESS;
    }

    @Override
    public boolean isBroker()
    {
        return true;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals) throws Exception
    {
        version = version();
        server = KafkaServer.start(directory, isForced);
        createTopics();
        single = producer(0, 0);
        gathering = producer(BATCH_BYTES, LINGER_MS);
        consumer = new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", server.address(),
                "group.id", "perf",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
        final List<TopicPartition> partitions = new ArrayList<>();
        for (final Priority priority : Priority.values())
        {
            partitions.add(new TopicPartition(TOPIC + priority.label(), 0));
        }
        consumer.assign(partitions);
        thread = new Thread(() -> consume(arrivals), "perf-kafka");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String settings()
    {
        return "Kafka " + version + ", KRaft, one node in a JVM of its own (" + KafkaServer.FLAGS +
            "), loopback; acks=all, idempotent, " + (isForced ? "flush.messages=1" : "flushes left to the system") +
            ", a topic of one partition per priority, consumer as shipped, commits by time; unbatched: asynchronous " +
            "sends with batch.size=0, linger.ms=0; batched: batch.size=" + BATCH_BYTES + ", linger.ms=" + LINGER_MS;
    }

    @Override
    public void publish(final PeerEvent event)
    {
        send(single, event);
    }

    @Override
    public boolean hasBatches()
    {
        return true;
    }

    @Override
    public void publishBatched(final PeerEvent event)
    {
        send(gathering, event);
    }

    @Override
    public void awaitAcknowledged()
    {
        acknowledgements.awaitAll();
        if (failure.get() != null)
        {
            throw new MeasurementException("the consumer failed: " + failure.get(), failure.get());
        }
    }

    @Override
    public void close()
    {
        if (thread != null)
        {
            consumer.wakeup();
            ThreadEnd.await(thread);
        }
        if (single != null)
        {
            single.close(Duration.ofSeconds(1));
        }
        if (gathering != null)
        {
            gathering.close(Duration.ofSeconds(1));
        }
        if (server != null)
        {
            server.close();
        }
    }

    private static String version() throws IOException
    {
        final Properties facts = new Properties();
        try (InputStream in = KafkaProducer.class.getResourceAsStream("/kafka/kafka-version.properties"))
        {
            facts.load(in);
        }
        return facts.getProperty("version");
    }

    private void send(final KafkaProducer<byte[], byte[]> producer, final PeerEvent event)
    {
        acknowledgements.sent();
        // What becomes of it the callback says.
        final Future<RecordMetadata> unused = producer.send(
            new ProducerRecord<>(TOPIC + event.priority().label(), event.toBytes()),
            (metadata, error) -> acknowledgements.acknowledged(error));
    }

    private void createTopics() throws Exception
    {
        final List<NewTopic> topics = new ArrayList<>();
        for (final Priority priority : Priority.values())
        {
            topics.add(new NewTopic(TOPIC + priority.label(), 1, (short)1).configs(
                isForced ? Map.of("flush.messages", "1") : Map.of()));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address())))
        {
            admin.createTopics(topics).all().get(TIMEOUT_S, TimeUnit.SECONDS);
        }
    }

    private KafkaProducer<byte[], byte[]> producer(final int batchBytes, final int lingerMs)
    {
        return new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", server.address(),
                "acks", "all",
                "batch.size", batchBytes,
                "linger.ms", lingerMs),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    }

    private void consume(final ArrivalCheck arrivals)
    {
        try (KafkaConsumer<byte[], byte[]> own = consumer)
        {
            while (true)
            {
                for (final ConsumerRecord<byte[], byte[]> record : own.poll(POLL))
                {
                    arrivals.onArrival(record.value());
                }
            }
        }
        catch (final WakeupException | InterruptException e)
        {
            // Closed.
            return;
        }
        catch (final RuntimeException e)
        {
            failure.compareAndSet(null, e);
        }
    }
}
