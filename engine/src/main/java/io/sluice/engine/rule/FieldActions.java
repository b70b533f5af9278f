package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.event.EncodedText;
import io.sluice.event.EventField;
import io.sluice.event.EventValidationException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** The actions that change what is in the event that is delivered. */
final class FieldActions
{
    private static final int MAX_TEXT = 4096;

    private FieldActions()
    {
    }

    /** Put a value. */
    static RuleAction set(final String target, final Object value)
    {
        return new SetValue(RulePath.toWrite("set", target), json(target, value));
    }

    /** Put what is in another place, if there is something. */
    static RuleAction setFrom(final String target, final String source)
    {
        final RuleField field = RuleField.of(source);
        if (field == null && !RulePath.isPath(source))
        {
            throw new EventValidationException(
                "from", source, "use a path below metadata or payload, or one of " + RuleField.labels());
        }
        return new SetFrom(
            RulePath.toWrite("set", target), source, field, field == null ? RulePath.toRead("from", source) : null);
    }

    /** Rename the type, the source, or a member. */
    static RuleAction rename(final String target, final String to)
    {
        if ("type".equals(target))
        {
            return new SetText(EventField.TYPE, to);
        }
        if ("source".equals(target))
        {
            return new SetText(EventField.SOURCE, to);
        }
        if (!RulePath.isPath(target))
        {
            throw new EventValidationException("rename", target, "use type, source, metadata.… or payload.…");
        }
        final RulePath from = RulePath.toWrite("rename", target);
        final RulePath place = RulePath.toWrite("to", to);
        if (from.contains(place))
        {
            throw new EventValidationException(
                "to", to, "nothing can be moved into itself, name a place outside of " + target);
        }
        return new Move(from, place);
    }

    /** Take a member out. */
    static RuleAction drop(final String target)
    {
        return new Drop(RulePath.toWrite("drop", target));
    }

    private static String json(final String target, final Object value)
    {
        if (value instanceof CharSequence)
        {
            final String text = value.toString();
            if (text.length() > MAX_TEXT)
            {
                throw new EventValidationException("value", text, "use at most " + MAX_TEXT + " characters");
            }
            return JsonQuote.of(text);
        }
        if (value instanceof Boolean || value instanceof Integer || value instanceof Long || value instanceof Short ||
            value instanceof Byte || value instanceof BigInteger || value instanceof BigDecimal ||
            value instanceof Double && Double.isFinite((Double)value) ||
            value instanceof Float && Float.isFinite((Float)value))
        {
            return value.toString();
        }
        throw new EventValidationException(
            "value", String.valueOf(value), "set " + target + " to a text, a finite number, true or false");
    }

    private static final class SetValue implements RuleAction
    {
        private final RulePath target;
        private final String json;
        private final byte[] utf8;

        private SetValue(final RulePath target, final String json)
        {
            this.target = target;
            this.json = json;
            utf8 = json.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            draft.set(target, utf8);
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("set", target.toString());
            out.writeFieldName("value");
            out.writeRawValue(json);
        }
    }

    private static final class SetFrom implements RuleAction
    {
        private final RulePath target;
        private final String source;
        private final RuleField field;
        private final RulePath path;

        private SetFrom(final RulePath target, final String source, final RuleField field, final RulePath path)
        {
            this.target = target;
            this.source = source;
            this.field = field;
            this.path = path;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            draft.setFrom(target, field, path);
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("set", target.toString());
            out.writeStringField("from", source);
        }
    }

    private static final class SetText implements RuleAction
    {
        private final EventField field;
        private final String text;
        private final UnsafeBuffer utf8;

        private SetText(final EventField field, final String text)
        {
            this.field = field;
            this.text = EncodedText.of(field, text).toString();
            utf8 = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            draft.rename(field, utf8);
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("rename", field.label());
            out.writeStringField("to", text);
        }
    }

    private static final class Move implements RuleAction
    {
        private final RulePath from;
        private final RulePath to;

        private Move(final RulePath from, final RulePath to)
        {
            this.from = from;
            this.to = to;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            draft.move(from, to);
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("rename", from.toString());
            out.writeStringField("to", to.toString());
        }
    }

    private static final class Drop implements RuleAction
    {
        private final RulePath target;

        private Drop(final RulePath target)
        {
            this.target = target;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            draft.drop(target);
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("drop", target.toString());
        }
    }
}
