package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What holds for every event and for every text, tried with seeded random ones. */
class JsonPropertyTest
{
    private static final long SEED = 5301;

    private final EventFixture fixture = new EventFixture();
    private final EventJson json = new EventJson();
    private final CloudEventsJson cloudEvents = new CloudEventsJson();

    @Test
    void shouldKeepEveryByteWhenRandomRecordsGoThroughJson()
    {
        final RandomEvents events = new RandomEvents(SEED);
        for (int i = 0; i < 2_000; i++)
        {
            events.fill(fixture.builder);
            final byte[] before = record(fixture.encodeStamped(i + 1));
            final String line = json.toJson(new EventFlyweight().wrap(fixture.buffer, EventFixture.OFFSET));
            assertEquals(-1, line.indexOf('\n'), line);
            EventFixture.parse(line);
            json.read(line, fixture.builder);
            assertArrayEquals(
                before, record(fixture.encodeStamped(i + 1)), "seed " + SEED + ", event " + i + ": " + line);
        }
    }

    @Test
    void shouldKeepEveryFieldWhenRandomRecordsGoThroughCloudEvents()
    {
        final RandomEvents events = new RandomEvents(SEED + 1);
        for (int i = 0; i < 2_000; i++)
        {
            events.fill(fixture.builder);
            final byte[] content = content(fixture.encode());
            final Object before = comparable(fixture.encodeStamped(i + 1));
            final String line = cloudEvents.toJson(new EventFlyweight().wrap(fixture.buffer, EventFixture.OFFSET));
            EventFixture.parse(line);
            cloudEvents.read(line, fixture.builder);
            assertEquals(
                before, comparable(fixture.encodeStamped(i + 1)), "seed " + (SEED + 1) + ", event " + i + ": " + line);
            assertArrayEquals(content, content(fixture.encode()));
        }
    }

    @Test
    void shouldBeSoundWhenRandomRecordsAreStamped()
    {
        final RandomEvents events = new RandomEvents(SEED + 2);
        final EventFlyweight event = new EventFlyweight();
        for (int i = 0; i < 2_000; i++)
        {
            events.fill(fixture.builder);
            final int length = fixture.encodeStamped(i + 1).recordLength();
            assertNull(event.wrap(fixture.buffer, EventFixture.OFFSET).findDamage(length, fixture.hash));
        }
    }

    @Test
    void shouldAnswerOrNameTheFaultWhenJsonIsMutated()
    {
        final Random random = new Random(SEED + 3);
        final RandomEvents events = new RandomEvents(SEED + 4);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            events.fill(fixture.builder);
            final EventFlyweight event = fixture.encode();
            final boolean isCloudEvent = random.nextBoolean();
            final byte[] mutated =
                mutate(random, EventFixture.utf8(isCloudEvent ? cloudEvents.toJson(event) : json.toJson(event)));
            try
            {
                if (isCloudEvent)
                {
                    cloudEvents.read(mutated, 0, mutated.length, fixture.builder);
                }
                else
                {
                    json.read(mutated, 0, mutated.length, fixture.builder);
                }
                read++;
            }
            catch (final EventException ex)
            {
                assertTrue(ex.getMessage().length() > 10, ex.getMessage());
                assertEquals("", fixture.builder.type());
                refused++;
                continue;
            }
            catch (final RuntimeException ex)
            {
                throw new AssertionError("seed " + SEED + ", round " + i + ": " + Arrays.toString(mutated), ex);
            }
            // What was read is an event: it encodes, and writes JSON again.
            EventFixture.parse(json.toJson(fixture.encode()));
        }
        assertTrue(read > 1_000 && refused > 1_000, read + " read, " + refused + " refused");
    }

    private static byte[] mutate(final Random random, final byte[] json)
    {
        byte[] bytes = json;
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 1; i--)
        {
            final int at = random.nextInt(bytes.length);
            switch (random.nextInt(5))
            {
                case 0:
                    bytes[at] = (byte)random.nextInt(256);
                    break;
                case 1:
                    bytes[at] = (byte)"{}[]\",:\\0e-. tn".charAt(random.nextInt(15));
                    break;
                case 2:
                    bytes = Arrays.copyOf(bytes, at);
                    break;
                case 3:
                    final int from = random.nextInt(bytes.length);
                    final int length = random.nextInt(Math.min(20, bytes.length - Math.max(at, from)) + 1);
                    System.arraycopy(bytes, from, bytes, at, length);
                    break;
                default:
                    final byte[] longer = new byte[bytes.length + 1];
                    System.arraycopy(bytes, 0, longer, 0, at);
                    longer[at] = (byte)"{}[]\",:\\0e-. tn".charAt(random.nextInt(15));
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    bytes = longer;
                    break;
            }
        }
        return bytes;
    }

    private Object comparable(final EventFlyweight event)
    {
        final String metadata = event.text(EventField.METADATA);
        final Object parsed = metadata.isEmpty() ? "" : EventFixture.parse(metadata);
        return List.of(EventFixture.parseObject(json.toJson(event)), parsed);
    }

    private static byte[] content(final EventFlyweight event)
    {
        final int start = event.fieldOffset(EventField.TYPE);
        final byte[] bytes = new byte[event.fieldOffset(EventField.METADATA) - start];
        event.buffer().getBytes(start, bytes);
        return bytes;
    }

    private static byte[] record(final EventFlyweight event)
    {
        final byte[] bytes = new byte[event.recordLength()];
        event.copyTo(new UnsafeBuffer(bytes), 0);
        return bytes;
    }
}
