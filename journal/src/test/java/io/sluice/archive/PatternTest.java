package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatternTest
{
    private static final long NOW_NS = ArchiveFixture.NOW_NS + 123_456_789;

    private final PatternFields fields = new PatternFields();
    private final PatternSplitter splitter = new PatternSplitter(fields);
    private final SegmentWriter out = new SegmentWriter(3);
    private final SegmentReader in = new SegmentReader();

    @AfterEach
    void close()
    {
        out.close();
        in.close();
    }

    @Test
    void shouldMarkWhatVariesWhenSplit()
    {
        assertEquals("\u0001done in \u0001 ms, \u0001 items", pattern("done in 1250 ms, 10 items"));
        assertEquals("\u0001a\u0002\u0003b\u0001c", pattern("a007b0c"));
        assertEquals("\u0001\u0003\u0014", pattern("adebb7d78a52fc7c5cca1e2368c7e54d64f6a626"));
        assertEquals("\u0001x-\u0004", pattern("x-019aa4b6-fa86-73aa-9108-53b85038b95a"));
        assertEquals("\u0001\u0005", pattern("0ced0f70-1a2b-836a-ac18-e6e7b7eacf9f"));
        assertEquals("\u0001\u0006\u0000", pattern("2024-01-20T10:30:00Z"));
        assertEquals("\u0001[\u0006\u0006]", pattern("[2024-01-20T10:30:00.123456Z]"));
        assertEquals("\u0000a\u0003b", pattern("a\u0003b"));
        assertEquals("\u0001", pattern(""));
        assertEquals("\u0000" + "1 ".repeat(200), pattern("1 ".repeat(200)));
        assertEquals("\u0001deadbeef cafe", pattern("deadbeef cafe"));
        assertEquals("\u0001\u0001\u0001", pattern("1234567890123456781234"));
    }

    @Test
    void shouldLeaveTimesAloneWhenTheyAreNoneOrHaveAnotherForm()
    {
        final String[] texts = {
            "2024-02-30T10:30:00Z", "2024-13-20T10:30:00Z", "2024-01-20T24:30:00Z", "2024-01-20T10:60:00Z",
            "2024-01-20T10:30:60Z", "1969-12-31T23:59:59Z", "2262-01-01T00:00:00Z", "2024-01-20T10:30:00.12Z",
            "2024-01-20T10:30:00.Z", "2024-01-20T10:30:00.1234567890Z", "2024-01-20T10:30:00+01:00",
            "2024-01-20 10:30:00Z", "2024-01-20T10:30:00", "2024-00-20T10:30:00Z", "2024-01-00T10:30:00Z"};
        for (final String text : texts)
        {
            assertTrue(pattern(text).indexOf(Pattern.TIME) < 0, text);
            assertComesBack(List.of(text));
        }
    }

    @Test
    void shouldGiveTextsBackWhenTheyAreOfAnyKind()
    {
        final Random random = new Random(1);
        final List<String> texts = new ArrayList<>(List.of(
            "", "0", "00", "0123", "9".repeat(40), "x" + "0".repeat(30), "1970-01-01T00:00:00Z",
            "2261-12-31T23:59:59.999999999Z", "2024-02-29T00:00:00.000Z", "\u00e4\u20ac12\ud83d\ude00",
            "a".repeat(16), "1".repeat(64), "f1".repeat(120), "ffffffff-ffff-7fff-bfff-ffffffffffff",
            "00000000-0000-7000-8000-000000000000", "FFFFFFFF-FFFF-7FFF-BFFF-FFFFFFFFFFFF",
            "/v1/items/12/" + "0ced0f70-1a2b-836a-ac18-e6e7b7eacf9f" + "?at=2024-01-20T10:30:00.5Z&n=007"));
        for (int i = 0; i < 3000; i++)
        {
            final StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(5); k > 0; k--)
            {
                switch (random.nextInt(7))
                {
                    case 0:
                        text.append(new UUID(random.nextLong(), random.nextLong()));
                        break;
                    case 1:
                        text.append(Long.toHexString(random.nextLong())).append(Long.toHexString(random.nextLong()));
                        break;
                    case 2:
                        text.append(random.nextLong() >>> random.nextInt(64));
                        break;
                    case 3:
                        text.append(String.format("%04d", random.nextInt(200)));
                        break;
                    case 4:
                        text.append(java.time.Instant.ofEpochSecond(
                            random.nextInt(Integer.MAX_VALUE),
                            random.nextBoolean() ? 0 : random.nextInt(1_000_000_000)));
                        break;
                    case 5:
                        text.append((char)random.nextInt(128));
                        break;
                    default:
                        text.append(" item-");
                        break;
                }
            }
            texts.add(text.toString());
        }
        assertComesBack(texts);
    }

    @Test
    void shouldTakeNoMoreThanItsRandomBitsWhenATextIsAnId()
    {
        final Random random = new Random(2);
        final List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4000; i++)
        {
            ids.add("req_" + new UUID(
                random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63));
        }
        assertComesBack(ids);
        assertTrue(out.storedBytes(Part.ID) < 4000 * 15.4, out.storedBytes(Part.ID) + " bytes");
    }

    @Test
    void shouldRefuseWhenPatternsMakeMoreThanTheyMay()
    {
        final byte[] pattern = {Pattern.SPLIT, Pattern.HEX, (byte)200};
        final PatternCounts counts = new PatternCounts();
        counts.add(pattern, 0, 3, 250);
        assertThrows(MalformedException.class, () -> counts.add(pattern, 0, 3, 250));
    }

    private String pattern(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.split(bytes, 0, bytes.length, NOW_NS);
        return new String(splitter.pattern().array(), 0, splitter.pattern().length(), StandardCharsets.UTF_8);
    }

    private void assertComesBack(final List<String> texts)
    {
        final ValueTable table = new ValueTable();
        table.clear();
        final IntColumn values = new IntColumn();
        final IntColumn rows = new IntColumn();
        final LongColumn times = new LongColumn();
        for (final String text : texts)
        {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            rows.add(values.count());
            times.add(NOW_NS + 1_000_003L * values.count());
            values.add(table.intern(bytes, 0, bytes.length));
        }
        out.clear();
        new NewValueWriter(new NumberWriter()).write(table, values, rows, times, PartSet.all(Part.ID), out);
        final ByteSink packed = new ByteSink(16);
        out.finish(packed);
        in.wrap(packed.array(), 0, packed.length(), 1 << 20);
        final ValueTable found = new ValueTable();
        found.clear();
        new NewValueReader(new NumberReader()).read(found, 1 << 20, rows, times, in);
        in.ensureAllRead();
        assertEquals(texts.size(), found.count());
        for (int i = 0; i < texts.size(); i++)
        {
            assertEquals(
                texts.get(i),
                new String(
                    Arrays.copyOfRange(found.bytes(), found.offset(i), found.offset(i) + found.length(i)),
                    StandardCharsets.UTF_8));
        }
    }
}
