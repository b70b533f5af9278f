package io.sluice.handlers.payload;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.sluice.event.ContentType;
import io.sluice.event.EventException;
import io.sluice.event.PayloadSerializer;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Messages of Protocol Buffers, of any generated class. Reads {@code application/protobuf}, and what is also in use for
 * it, {@code application/x-protobuf} and {@code application/vnd.google.protobuf}.
 *
 * <p>Needs {@code com.google.protobuf:protobuf-java} (or {@code protobuf-javalite}) on the class path; without it,
 * leave this class alone. Thread-safe.
 */
public final class ProtobufSerializer implements PayloadSerializer<MessageLite>
{
    /** Looks a class's parser up once. */
    private static final ClassValue<Parser<? extends MessageLite>> PARSERS = new ClassValue<>()
    {
        @Override
        protected Parser<? extends MessageLite> computeValue(final Class<?> type)
        {
            return defaultInstance(type).getParserForType();
        }
    };

    /** A serializer of all messages. */
    public ProtobufSerializer()
    {
    }

    @Override
    public Class<MessageLite> type()
    {
        return MessageLite.class;
    }

    @Override
    public boolean handles(final Class<?> wanted)
    {
        return MessageLite.class.isAssignableFrom(wanted) && !Modifier.isAbstract(wanted.getModifiers());
    }

    @Override
    public String mediaType()
    {
        return ContentType.PROTOBUF.mediaType();
    }

    @Override
    public boolean reads(final String mediaType)
    {
        final int parameters = mediaType.indexOf(';');
        switch ((parameters < 0 ? mediaType : mediaType.substring(0, parameters)).trim().toLowerCase(Locale.ROOT))
        {
            case "application/protobuf":
            case "application/x-protobuf":
            case "application/vnd.google.protobuf":
                return true;
            default:
                return false;
        }
    }

    @Override
    public int encode(final MessageLite value, final MutableDirectBuffer target)
    {
        final byte[] bytes = new byte[value.getSerializedSize()];
        final CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try
        {
            value.writeTo(out);
        }
        catch (final IOException ex)
        {
            throw new EventException("message " + value.getClass().getName() + " can't be written: " + ex, ex);
        }
        out.checkNoSpaceLeft();
        target.putBytes(0, bytes);
        return bytes.length;
    }

    @Override
    public MessageLite decode(
        final DirectBuffer source, final int offset, final int length, final Class<? extends MessageLite> wanted)
    {
        final byte[] bytes = new byte[length];
        source.getBytes(offset, bytes);
        try
        {
            return PARSERS.get(wanted).parseFrom(bytes);
        }
        catch (final InvalidProtocolBufferException ex)
        {
            throw new EventException("it is no such message (" + ex.getMessage() + ")", ex);
        }
    }

    private static MessageLite defaultInstance(final Class<?> type)
    {
        try
        {
            return (MessageLite)type.getMethod("getDefaultInstance").invoke(null);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new EventException(
                type.getName() + " has no getDefaultInstance(): use a class that protoc generated", ex);
        }
    }
}
