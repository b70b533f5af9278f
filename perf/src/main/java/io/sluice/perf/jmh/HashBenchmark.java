package io.sluice.perf.jmh;

import io.sluice.event.EventHash;
import io.sluice.perf.baseline.RecordTemplate;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The hashes of a record, and for comparison the checksum that the JDK has instructions for. */
@State(Scope.Thread)
public class HashBenchmark
{
    /** Bytes hashed. */
    @Param({"256", "4096"})
    public int length;

    private final EventHash hash = new EventHash();
    private final CRC32C crc = new CRC32C();
    private UnsafeBuffer bytes;

    /** For JMH. */
    public HashBenchmark()
    {
    }

    /** Bytes off the heap, as those of a record in its slot. */
    @Setup
    public void setUp()
    {
        bytes = RecordTemplate.payload(length);
    }

    /**
     * Context and checksum of a record.
     *
     * @return the hash.
     */
    @Benchmark
    public long hash64()
    {
        return EventHash.hash64(bytes, 0, length);
    }

    /**
     * Content of a record.
     *
     * @return half of the hash.
     */
    @Benchmark
    public long hash128()
    {
        return hash.hash128(bytes, 0, length).high();
    }

    /**
     * What Sluice does not use.
     *
     * @return the checksum.
     */
    @Benchmark
    public long crc32c()
    {
        crc.reset();
        crc.update(bytes.byteBuffer().clear());
        return crc.getValue();
    }
}
