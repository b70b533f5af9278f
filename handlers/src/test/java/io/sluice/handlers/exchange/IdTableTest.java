package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdTableTest
{
    @Test
    void shouldKnowWhatAMapKnowsWhenIdsAreAdded()
    {
        final Random random = new Random(3);
        final IdTable table = new IdTable();
        final Map<UUID, Long> map = new HashMap<>();
        for (long sequence = 1; sequence <= 200_000; sequence++)
        {
            // Few bits, so that ids come again and differ little.
            final UUID id = new UUID(random.nextInt(400), random.nextInt(400));
            map.putIfAbsent(id, sequence);
            table.add(id.getMostSignificantBits(), id.getLeastSignificantBits(), sequence);
        }
        assertEquals(map.size(), table.size());
        for (int high = 0; high < 410; high++)
        {
            for (int low = 0; low < 410; low++)
            {
                assertEquals(map.getOrDefault(new UUID(high, low), 0L), table.sequenceOf(high, low));
            }
        }
    }

    @Test
    void shouldNameTheRemedyWhenThereIsNoRoom()
    {
        final IdTable table = new IdTable(1 << 20);
        final Random random = new Random(4);
        final ExchangeException error = assertThrows(ExchangeException.class, () ->
        {
            while (true)
            {
                table.add(random.nextLong(), random.nextLong(), 1);
            }
        });
        assertTrue(table.size() >= (1 << 20) / 64, "only " + table.size());
        assertTrue(error.getMessage().contains("-Xmx"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> table.add(1, 1, 0));
    }
}
