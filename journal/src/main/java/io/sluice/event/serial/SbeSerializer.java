package io.sluice.event.serial;

import io.sluice.event.ContentType;
import io.sluice.event.EventException;
import io.sluice.event.PayloadSerializer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Messages of SBE, with the standard header of four 16-bit fields before them: block length, template, schema, version.
 * What is decoded is a flyweight over the event itself: it is valid as long as the event is, and until the same thread
 * decodes another payload with this serializer. Decoding allocates nothing but one flyweight per thread.
 *
 * <p>What is encoded is a flyweight that has been wrapped: its message is copied with a header before it, so it must
 * stand in front of its message, as after {@code wrap}. A host that encodes messages itself writes them, header first,
 * with {@link io.sluice.event.EventBuilder#payload(DirectBuffer, int, int)}.
 *
 * <p>Generate the flyweights with {@code sbe.java.generate.interfaces=true}.
 *
 * @param <D> the generated decoder.
 */
public final class SbeSerializer<D extends MessageDecoderFlyweight> implements PayloadSerializer<D>
{
    private static final int HEADER_LENGTH = 4 * Short.BYTES;
    private static final int MAX_SHORT = 0xFFFF;

    private final Class<D> type;
    private final ByteOrder byteOrder;
    private final int templateId;
    private final int schemaId;
    private final int schemaVersion;
    private final ThreadLocal<D> flyweights;

    private SbeSerializer(final Class<D> type, final Supplier<D> flyweights, final ByteOrder byteOrder)
    {
        this.type = type;
        this.byteOrder = byteOrder;
        this.flyweights = ThreadLocal.withInitial(flyweights);
        final D sample = flyweights.get();
        templateId = sample.sbeTemplateId();
        schemaId = sample.sbeSchemaId();
        schemaVersion = sample.sbeSchemaVersion();
    }

    /**
     * A serializer of one message of a schema in little endian, which is the default of SBE.
     *
     * @param type       the generated decoder.
     * @param flyweights makes one.
     * @param <D>        the same.
     * @return the serializer.
     */
    public static <D extends MessageDecoderFlyweight> SbeSerializer<D> of(
        final Class<D> type, final Supplier<D> flyweights)
    {
        return of(type, flyweights, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A serializer of one message of a schema.
     *
     * @param type       the generated decoder.
     * @param flyweights makes one.
     * @param byteOrder  of the schema.
     * @param <D>        the same.
     * @return the serializer.
     */
    public static <D extends MessageDecoderFlyweight> SbeSerializer<D> of(
        final Class<D> type, final Supplier<D> flyweights, final ByteOrder byteOrder)
    {
        return new SbeSerializer<>(
            Objects.requireNonNull(type, "type"), Objects.requireNonNull(flyweights, "flyweights"), byteOrder);
    }

    @Override
    public Class<D> type()
    {
        return type;
    }

    @Override
    public String mediaType()
    {
        return ContentType.SBE.mediaType();
    }

    @Override
    public int encode(final D value, final MutableDirectBuffer target)
    {
        final int length = value.sbeDecodedLength();
        put(target, 0, value.sbeBlockLength());
        put(target, 1, templateId);
        put(target, 2, schemaId);
        put(target, 3, schemaVersion);
        target.putBytes(HEADER_LENGTH, value.buffer(), value.offset(), length);
        return HEADER_LENGTH + length;
    }

    @Override
    public D decode(final DirectBuffer source, final int offset, final int length, final Class<? extends D> wanted)
    {
        if (length < HEADER_LENGTH)
        {
            throw new EventException("its " + length + " bytes are less than the header of a message");
        }
        final int blockLength = get(source, offset, 0);
        final int template = get(source, offset, 1);
        final int schema = get(source, offset, 2);
        if (template != templateId || schema != schemaId)
        {
            throw new EventException(
                "it is message " + template + " of schema " + schema + ", expected is message " + templateId +
                " of schema " + schemaId);
        }
        if (blockLength > length - HEADER_LENGTH)
        {
            throw new EventException(
                "its block of " + blockLength + " bytes does not fit into the " + (length - HEADER_LENGTH) +
                " bytes behind the header");
        }
        final D flyweight = flyweights.get();
        flyweight.wrap(source, offset + HEADER_LENGTH, blockLength, get(source, offset, 3));
        return flyweight;
    }

    private void put(final MutableDirectBuffer target, final int field, final int value)
    {
        target.putShort(field * Short.BYTES, (short)value, byteOrder);
    }

    private int get(final DirectBuffer source, final int offset, final int field)
    {
        return source.getShort(offset + field * Short.BYTES, byteOrder) & MAX_SHORT;
    }
}
