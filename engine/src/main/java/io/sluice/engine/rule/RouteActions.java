package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.event.EncodedText;
import io.sluice.event.EventField;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** The actions that change where an event goes, or how urgent it is. */
final class RouteActions
{
    private static final int MAX_NAME = 128;

    private RouteActions()
    {
    }

    static RuleAction reroute(final String topic)
    {
        return new Reroute(topic);
    }

    static RuleAction divert(final String subscription)
    {
        return new Target("divert", subscription);
    }

    static RuleAction copyTo(final String subscription)
    {
        return new Target("copyTo", subscription);
    }

    static RuleAction priority(final Priority priority)
    {
        return new SetPriority(priority);
    }

    static RuleAction discard()
    {
        return new End("discard");
    }

    static RuleAction stop()
    {
        return new End("stop");
    }

    private static final class Reroute implements RuleAction
    {
        private final String topic;
        private final UnsafeBuffer utf8;

        private Reroute(final String topic)
        {
            this.topic = EncodedText.of(EventField.TYPE, topic).toString();
            utf8 = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean isSteady()
        {
            return true;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            draft.reroute(utf8);
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("reroute", topic);
        }
    }

    private static final class Target implements RuleAction
    {
        private final String verb;
        private final String subscription;
        private final boolean isOnly;

        private Target(final String verb, final String subscription)
        {
            if (subscription.isBlank() || subscription.length() > MAX_NAME)
            {
                throw new EventValidationException(
                    verb, subscription, "use the name of a subscription, 1 to " + MAX_NAME + " characters");
            }
            this.verb = verb;
            this.subscription = subscription;
            isOnly = "divert".equals(verb);
        }

        @Override
        public boolean isSteady()
        {
            return true;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            if (isOnly)
            {
                draft.divert(subscription);
            }
            else
            {
                draft.copyTo(subscription);
            }
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField(verb, subscription);
        }

        @Override
        public String subscription()
        {
            return subscription;
        }
    }

    /** Acts where an event is admitted; rules that have it are never asked later. */
    static final class SetPriority implements RuleAction
    {
        private final Priority priority;

        private SetPriority(final Priority priority)
        {
            this.priority = priority;
        }

        Priority priority()
        {
            return priority;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            throw new IllegalStateException("the priority is set where an event is admitted");
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeStringField("priority", priority.label());
        }
    }

    /** Ends the rule; in JSON a word of its own. */
    static final class End implements RuleAction
    {
        private final String word;
        private final boolean isDiscard;

        private End(final String word)
        {
            this.word = word;
            isDiscard = "discard".equals(word);
        }

        boolean isStop()
        {
            return !isDiscard;
        }

        @Override
        public boolean isSteady()
        {
            return true;
        }

        @Override
        public void apply(final RuleDraft draft)
        {
            if (isDiscard)
            {
                draft.discard();
            }
            else
            {
                draft.stop();
            }
        }

        @Override
        public void write(final JsonGenerator out) throws IOException
        {
            out.writeString(word);
        }

        @Override
        public boolean isLast()
        {
            return true;
        }
    }
}
