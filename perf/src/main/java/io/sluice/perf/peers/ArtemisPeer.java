package io.sluice.perf.peers;

import io.sluice.event.Priority;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.SendAcknowledgementHandler;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.io.aio.AIOSequentialFileFactory;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * Apache Artemis in this JVM, reached without a network. It has priorities: one queue for all, and the message says
 * which. A durable message reaches the queue only when the journal has it.
 */
final class ArtemisPeer implements Peer
{
    private static final String QUEUE = "perf";
    private static final String CONNECTOR = "vm://0";
    private static final int BATCH = 128;
    private static final int CONFIRMATION_BYTES = 1 << 20;
    private static final int TOP_PRIORITY = 9;
    private static final int PRIORITY_STEP = 2;

    private final DurabilityClass durability;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final SendAcknowledgementHandler handler = new Confirmed(acknowledgements);
    private Configuration configuration;
    private EmbeddedActiveMQ broker;
    private ServerLocator locator;
    private ClientSessionFactory factory;
    private ClientSession single;
    private ClientProducer singleProducer;
    private ClientSession transacted;
    private ClientProducer batchProducer;
    private int pending;

    /**
     * @param durability NONE leaves the journal's buffer to itself, PROCESS waits until it is written, POWER until
     *                   it is forced.
     */
    ArtemisPeer(final DurabilityClass durability)
    {
        this.durability = durability;
    }

    @Override
    public String name()
    {
        return switch (durability)
        {
            case NONE -> "artemis-unsynced";
            case PROCESS -> "artemis-written";
            case POWER -> "artemis-forced";
        };
    }

    @Override
    public DurabilityClass durability()
    {
        return durability;
    }

    @Override
    public boolean isBroker()
    {
        return true;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals) throws Exception
    {
        final boolean isSynced = durability != DurabilityClass.NONE;
        configuration = new ConfigurationImpl()
            .setPersistenceEnabled(true)
            .setJournalDirectory(directory.resolve("journal").toString())
            .setBindingsDirectory(directory.resolve("bindings").toString())
            .setPagingDirectory(directory.resolve("paging").toString())
            .setLargeMessagesDirectory(directory.resolve("large").toString())
            .setJournalType(AIOSequentialFileFactory.isSupported() ? JournalType.ASYNCIO : JournalType.NIO)
            .setJournalSyncNonTransactional(isSynced)
            .setJournalSyncTransactional(isSynced)
            .setJournalDatasync(durability == DurabilityClass.POWER)
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .setMaxDiskUsage(-1)
            .addAcceptorConfiguration("in-vm", CONNECTOR)
            .addQueueConfiguration(QueueConfiguration.of(QUEUE)
                .setAddress(QUEUE)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(true));
        broker = new EmbeddedActiveMQ().setConfiguration(configuration);
        broker.start();
        locator = ActiveMQClient.createServerLocator(CONNECTOR)
            .setConfirmationWindowSize(CONFIRMATION_BYTES)
            .setBlockOnDurableSend(false)
            .setBlockOnAcknowledge(false);
        factory = locator.createSessionFactory();
        single = factory.createSession(true, true);
        singleProducer = single.createProducer(QUEUE);
        transacted = factory.createSession(false, true);
        batchProducer = transacted.createProducer(QUEUE);
        final ClientSession consuming = factory.createSession(true, true);
        final ClientConsumer consumer = consuming.createConsumer(QUEUE);
        consumer.setMessageHandler((message) -> consume(message, arrivals));
        consuming.start();
    }

    @Override
    public String settings()
    {
        return "Apache Artemis " + broker.getActiveMQServer().getVersion().getFullVersion() +
            " embedded, in-VM connector, core API; journal " + configuration.getJournalType() +
            ", sync-non-transactional " + configuration.isJournalSyncNonTransactional() +
            ", datasync " + configuration.isJournalDatasync() +
            ", buffer timeout " + (configuration.getJournalType() == JournalType.ASYNCIO ?
                configuration.getJournalBufferTimeout_AIO() : configuration.getJournalBufferTimeout_NIO()) +
            " ns; durable messages, priorities 8, 6, 4, 2 in one queue, acknowledged by the consumer in batches of " +
            "the client's; unbatched: asynchronous sends with confirmations; batched: transactions of " + BATCH;
    }

    @Override
    public void publish(final PeerEvent event) throws ActiveMQException
    {
        acknowledgements.sent();
        singleProducer.send(message(single, event), handler);
    }

    @Override
    public boolean hasBatches()
    {
        return true;
    }

    @Override
    public void publishBatched(final PeerEvent event) throws ActiveMQException
    {
        batchProducer.send(message(transacted, event));
        if (++pending == BATCH)
        {
            commit();
        }
    }

    @Override
    public void awaitAcknowledged() throws ActiveMQException
    {
        if (pending > 0)
        {
            commit();
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
        try
        {
            if (factory != null)
            {
                factory.close();
            }
            if (locator != null)
            {
                locator.close();
            }
            if (broker != null)
            {
                broker.stop();
            }
        }
        catch (final Exception e)
        {
            throw new MeasurementException("Artemis did not stop: " + e.getMessage(), e);
        }
    }

    private void commit() throws ActiveMQException
    {
        pending = 0;
        transacted.commit();
    }

    private void consume(final ClientMessage message, final ArrivalCheck arrivals)
    {
        try
        {
            final byte[] event = new byte[message.getBodyBuffer().readableBytes()];
            message.getBodyBuffer().readBytes(event);
            arrivals.onArrival(event);
            message.acknowledge();
        }
        catch (final ActiveMQException e)
        {
            failure.compareAndSet(null, e);
        }
    }

    private static ClientMessage message(final ClientSession session, final PeerEvent event)
    {
        final ClientMessage message = session.createMessage(true);
        message.setPriority(priority(event.priority()));
        message.getBodyBuffer().writeBytes(event.toBytes());
        return message;
    }

    private static byte priority(final Priority priority)
    {
        return (byte)(TOP_PRIORITY - 1 - PRIORITY_STEP * priority.code());
    }

    private static final class Confirmed implements SendAcknowledgementHandler
    {
        private final Acknowledgements acknowledgements;

        private Confirmed(final Acknowledgements acknowledgements)
        {
            this.acknowledgements = acknowledgements;
        }

        @Override
        public void sendAcknowledged(final Message message)
        {
            acknowledgements.acknowledged(null);
        }

        @Override
        public void sendFailed(final Message message, final Exception reason)
        {
            acknowledgements.acknowledged(reason);
        }
    }
}
