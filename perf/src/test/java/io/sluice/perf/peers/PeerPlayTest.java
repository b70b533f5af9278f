package io.sluice.perf.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer from its start to its close, with few events: that all arrive is what counts. */
class PeerPlayTest
{
    private static final PeersSetting SETTING = new PeersSetting(2000, 200_000_000L, 1, 0.1, Set.of());

    @TempDir
    private Path directory;

    static Stream<String> names()
    {
        return PeerCatalogue.all().stream().map((maker) -> maker.get().name());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldHandEveryEventOverWhenItIsInstalled(final String name)
    {
        final Peer peer = PeerCatalogue.all().stream()
            .map(Supplier::get)
            .filter((candidate) -> name.equals(candidate.name()))
            .findFirst().orElseThrow();
        Assumptions.assumeTrue(peer.missing().isEmpty(), peer.missing());

        assertPlayed(new PeerPlay(SETTING, peer).run(directory.resolve(name), 0));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void shouldPlaySluiceAlikeWhenTheClassIs(final DurabilityClass durability)
    {
        final PeerPlay.Result result =
            new PeerPlay(SETTING, new SluicePeer(durability)).run(directory.resolve("sluice"), 500);

        assertPlayed(result);
        assertEquals(500, result.load());
        assertTrue(result.settings().contains("durability " + durability.level()), result.settings());
    }

    static Stream<DurabilityClass> classes()
    {
        return Stream.of(DurabilityClass.values());
    }

    @Test
    void shouldFailWhenThePeerLosesAnEvent()
    {
        final FaultyPeer peer = new FaultyPeer(1500, 0);

        final MeasurementException failure = assertThrows(
            MeasurementException.class, () -> new PeerPlay(SETTING, peer).run(directory.resolve("faulty"), 0));

        assertTrue(failure.getMessage().contains("event 1500 is lost"), failure.getMessage());
        assertTrue(peer.isClosed());
    }

    @Test
    void shouldFailWhenThePeerRepeatsAnEvent()
    {
        final FaultyPeer peer = new FaultyPeer(1500, 2);

        final MeasurementException failure = assertThrows(
            MeasurementException.class, () -> new PeerPlay(SETTING, peer).run(directory.resolve("faulty"), 0));

        assertTrue(failure.getMessage().contains("event 1500 arrived twice"), failure.getMessage());
        assertTrue(peer.isClosed());
    }

    @Test
    void shouldHaveUniqueNamesWhenPeersAreListed()
    {
        assertEquals(names().count(), names().distinct().count());
    }

    private static void assertPlayed(final PeerPlay.Result result)
    {
        for (final PublishMode mode : PublishMode.values())
        {
            assertTrue(result.rates().get(mode) > 0, mode.label());
        }
        assertTrue(result.load() > 0);
        assertTrue(result.latency().getTotalCount() > 0);
        assertTrue(result.settings().contains("unbatched"), result.settings());
    }

    /** Calls the consumer on the publishing thread, and once too often or never. */
    private static final class FaultyPeer implements Peer
    {
        private final long faulty;
        private final int times;
        private ArrivalCheck arrivals;
        private boolean isClosed;

        private FaultyPeer(final long faulty, final int times)
        {
            this.faulty = faulty;
            this.times = times;
        }

        @Override
        public String name()
        {
            return "faulty";
        }

        @Override
        public DurabilityClass durability()
        {
            return DurabilityClass.NONE;
        }

        @Override
        public void start(final Path where, final ArrivalCheck check)
        {
            arrivals = check;
        }

        @Override
        public String settings()
        {
            return "unbatched";
        }

        @Override
        public void publish(final PeerEvent event)
        {
            for (int i = 0; i < (event.number() == faulty ? times : 1); i++)
            {
                arrivals.onArrival(event.toBytes());
            }
        }

        @Override
        public void awaitAcknowledged()
        {
            // Nothing is acknowledged.
        }

        @Override
        public void close()
        {
            isClosed = true;
        }

        private boolean isClosed()
        {
            return isClosed;
        }
    }
}
