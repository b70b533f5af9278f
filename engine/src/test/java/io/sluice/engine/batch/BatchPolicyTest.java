package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class BatchPolicyTest
{
    private final BatchPolicy defaults = BatchPolicy.defaults();

    @Test
    void shouldHaveTheDefaultsOfTheRequirementsWhenNothingIsSet()
    {
        assertEquals(50, defaults.batchSize());
        assertEquals(5, defaults.minBatchSize());
        assertEquals(100, defaults.maxBatchSize());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(2000), defaults.timeoutNs());
        assertEquals(1, defaults.parallelBatches());
        assertEquals(BatchGrouping.BY_TYPE, defaults.grouping());
        assertTrue(defaults.flushOnCritical());
        assertFalse(defaults.followLoad());
        assertTrue(defaults.stateMerger().isEmpty());
        assertEquals(65_536, defaults.maxBytes());
        assertEquals(16, defaults.openGroups());
        assertEquals(8, defaults.queuedBatches());
        assertEquals(25, defaults.batches());
        assertEquals(25L * 65_536, defaults.mostBytes());
    }

    @Test
    void shouldKeepTheOldPolicyWhenOneIsDerived()
    {
        final StateMerger merger = AggregateStateMerger.patches("file.*");
        final BatchPolicy policy = defaults.batchSizes(200, 300, 400).timeoutNs(7_000).parallelBatches(3)
            .followLoad(true).maxBytes(4096).flushOnCritical(false).openGroups(2).queuedBatches(9).stateMerger(merger);

        assertEquals(200, policy.minBatchSize());
        assertEquals(300, policy.batchSize());
        assertEquals(400, policy.maxBatchSize());
        assertEquals(7_000, policy.timeoutNs());
        assertEquals(3, policy.parallelBatches());
        assertTrue(policy.followLoad());
        assertEquals(4096, policy.maxBytes());
        assertFalse(policy.flushOnCritical());
        assertEquals(2, policy.openGroups());
        assertEquals(9, policy.queuedBatches());
        assertSame(merger, policy.stateMerger().orElseThrow());
        assertEquals(14, policy.batches());
        assertEquals(250, policy.batchSize(250).batchSize());
        assertEquals(100, policy.minBatchSize(100).minBatchSize());
        assertEquals(500, policy.maxBatchSize(500).maxBatchSize());
        assertEquals(BatchGrouping.NONE, defaults.grouping(BatchGrouping.NONE).grouping());
        assertEquals(50, defaults.batchSize());
        assertSame(defaults, BatchPolicy.defaults());
    }

    @Test
    void shouldNameValueAndRemedyWhenASettingIsOutOfRange()
    {
        assertRefused((policy) -> policy.batchSize(4), "minBatchSize=5, batchSize=4, maxBatchSize=100: use 1 <= min");
        assertRefused((policy) -> policy.batchSize(101), "batchSize=101");
        assertRefused((policy) -> policy.minBatchSize(0), "minBatchSize=0");
        assertRefused((policy) -> policy.minBatchSize(51), "minBatchSize=51");
        assertRefused((policy) -> policy.maxBatchSize(49), "maxBatchSize=49");
        assertRefused((policy) -> policy.maxBatchSize(10_001), "maxBatchSize=10001: use 1 to 10000");
        assertRefused((policy) -> policy.timeoutNs(999), "timeoutNs=999: use 1000 to 3600000000000");
        assertRefused((policy) -> policy.timeoutNs(TimeUnit.HOURS.toNanos(2)), "timeoutNs=7200000000000: use");
        assertRefused((policy) -> policy.parallelBatches(0), "parallelBatches=0: use 1 to 64");
        assertRefused((policy) -> policy.parallelBatches(65), "parallelBatches=65: use 1 to 64");
        assertRefused((policy) -> policy.maxBytes(1023), "maxBytes=1023: use 1024 to 268435456");
        assertRefused((policy) -> policy.openGroups(0), "openGroups=0: use 1 to 64");
        assertRefused((policy) -> policy.queuedBatches(1025), "queuedBatches=1025: use 1 to 1024");
    }

    @Test
    void shouldNameTheRemedyWhenBatchesOfOneGroupAreToRunInParallel()
    {
        assertRefused(
            (policy) -> policy.grouping(BatchGrouping.NONE).parallelBatches(2),
            "parallelBatches=2 with grouping=NONE: batches of one group never run at the same time; use grouping " +
            "BY_TYPE or parallelBatches 1");
    }

    private void assertRefused(final UnaryOperator<BatchPolicy> change, final String message)
    {
        final IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> change.apply(defaults));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
