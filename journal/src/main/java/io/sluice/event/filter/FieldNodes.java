package io.sluice.event.filter;

import io.sluice.event.Category;
import io.sluice.event.ContentType;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What reads fields of an event. An empty text is an absent field. */
final class FieldNodes
{
    private FieldNodes()
    {
    }

    /** @return what reads a field. */
    static Node of(final FilterField field)
    {
        if (field.recordField() != null)
        {
            return new TextNode(field.recordField());
        }
        return switch (field)
        {
            case SPECVERSION -> ConstantNode.ofText("1.0");
            case ID -> new IdNode();
            case CONTENT_TYPE -> new ContentTypeNode();
            case PRIORITY -> new LabelNode(Priority.values().length)
            {
                @Override
                int code(final EventFlyweight event)
                {
                    return event.priorityCode();
                }

                @Override
                String label(final EventFlyweight event)
                {
                    return event.priority().label();
                }
            };
            case CATEGORY -> new LabelNode(Category.values().length)
            {
                @Override
                int code(final EventFlyweight event)
                {
                    return event.category().code();
                }

                @Override
                String label(final EventFlyweight event)
                {
                    return event.category().label();
                }
            };
            case FLAGS -> new FlagsNode();
            default -> new NumberNode(field);
        };
    }

    /** A text as it lies in the record. */
    private static final class TextNode extends Node
    {
        private final EventField field;

        private TextNode(final EventField field)
        {
            this.field = field;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            final EventFlyweight event = input.event();
            final int length = event.fieldLength(field);
            if (length == 0)
            {
                result.fail(FilterError.MISSING_ATTRIBUTE, ValueKind.BOOLEAN);
            }
            else
            {
                result.setText(event.buffer(), event.fieldOffset(field), length);
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.TEXT;
        }
    }

    private static final class IdNode extends Node
    {
        private final byte[] bytes = new byte[EventField.ID.maxLength()];
        private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            result.setText(buffer, 0, input.event().copyId(bytes));
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.TEXT;
        }
    }

    /** One of a few words. */
    private abstract static class LabelNode extends Node
    {
        private final UnsafeBuffer[] labels;

        private LabelNode(final int count)
        {
            labels = new UnsafeBuffer[count];
        }

        abstract int code(EventFlyweight event);

        abstract String label(EventFlyweight event);

        @Override
        final void evaluate(final FilterInput input, final Value result)
        {
            final EventFlyweight event = input.event();
            final int code = code(event);
            if (labels[code] == null)
            {
                labels[code] = new UnsafeBuffer(label(event).getBytes(StandardCharsets.US_ASCII));
            }
            result.setText(labels[code], 0, labels[code].capacity());
        }

        @Override
        final ValueKind kind()
        {
            return ValueKind.TEXT;
        }
    }

    /** A number or a time. */
    private static final class NumberNode extends Node
    {
        private final FilterField field;

        private NumberNode(final FilterField field)
        {
            this.field = field;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            final EventFlyweight event = input.event();
            switch (field)
            {
                case SEQUENCE -> setIfPresent(result, event.sequence() != 0, event.sequence());
                case ORIGINAL_SEQUENCE ->
                    setIfPresent(result, event.originalSequence() != 0, event.originalSequence());
                case AGGREGATE_VERSION ->
                    setIfPresent(result, event.hasAggregateVersion(), event.aggregateVersion());
                case TIMESTAMP -> setTimeIfPresent(result, event.hasEventTime(), event.eventTime());
                case RECORDED -> setTimeIfPresent(result, event.sequence() != 0, event.journalTime());
                default -> throw new IllegalStateException(field.name());
            }
        }

        @Override
        ValueKind kind()
        {
            return field.isTime() ? ValueKind.TIME : ValueKind.INTEGER;
        }

        private static void setTimeIfPresent(final Value result, final boolean isPresent, final long epochNs)
        {
            if (isPresent)
            {
                result.setTime(epochNs);
            }
            else
            {
                result.fail(FilterError.MISSING_ATTRIBUTE, ValueKind.TIME);
            }
        }

        private static void setIfPresent(final Value result, final boolean isPresent, final long number)
        {
            if (isPresent)
            {
                result.setInteger(number);
            }
            else
            {
                result.fail(FilterError.MISSING_ATTRIBUTE, ValueKind.INTEGER);
            }
        }
    }

    /** How urgent an event is: 3 for critical to 0 for low. */
    static final class UrgencyNode extends Node
    {
        static int urgency(final Priority priority)
        {
            return Priority.COUNT - 1 - priority.code();
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            result.setInteger(Priority.COUNT - 1 - input.event().priorityCode());
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.INTEGER;
        }
    }

    private static final class ContentTypeNode extends Node
    {
        private final Node other = new TextNode(EventField.CONTENT_TYPE);
        private final UnsafeBuffer[] names = new UnsafeBuffer[ContentType.values().length];

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            final EventFlyweight event = input.event();
            final ContentType contentType = event.contentType();
            if (contentType == ContentType.OTHER)
            {
                other.evaluate(input, result);
            }
            else if (contentType == ContentType.JSON && event.fieldLength(EventField.PAYLOAD) == 0)
            {
                result.fail(FilterError.MISSING_ATTRIBUTE, ValueKind.TEXT);
            }
            else
            {
                final int ordinal = contentType.ordinal();
                if (names[ordinal] == null)
                {
                    names[ordinal] = new UnsafeBuffer(contentType.mediaType().getBytes(StandardCharsets.US_ASCII));
                }
                result.setText(names[ordinal], 0, names[ordinal].capacity());
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.TEXT;
        }
    }

    /** Allocates where an event has flags. */
    private static final class FlagsNode extends Node
    {
        private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            final String names = input.event().flagNames();
            if (names.isEmpty())
            {
                result.fail(FilterError.MISSING_ATTRIBUTE, ValueKind.TEXT);
            }
            else
            {
                result.setText(names, scratch);
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.TEXT;
        }
    }

    /** A place in the payload or the metadata. Allocates while the JSON is read, once for each event. */
    static final class PathNode extends Node
    {
        private final FilterField document;
        private final int slot;

        PathNode(final FilterField document, final int slot)
        {
            this.document = document;
            this.slot = slot;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            result.set(input.document(document).get(slot, input.event()));
        }
    }

    /** The first of two that is there. */
    static final class EitherNode extends Node
    {
        private final Node first;
        private final Node second;

        EitherNode(final Node first, final Node second)
        {
            this.first = first;
            this.second = second;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            first.evaluate(input, result);
            if (result.error != null)
            {
                second.evaluate(input, result);
            }
        }
    }

    /** Whether there is a value. */
    static final class ExistsNode extends Node
    {
        private final Node operand;

        ExistsNode(final Node operand)
        {
            this.operand = operand;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, result);
            result.setBoolean(result.error == null);
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** Whether a value is true, and no error. */
    static final class CertainlyNode extends Node
    {
        private final Node operand;

        CertainlyNode(final Node operand)
        {
            this.operand = operand;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, result);
            result.setBoolean(result.error == null && result.kind == ValueKind.BOOLEAN && result.isTrue());
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }
}
