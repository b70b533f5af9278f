package io.sluice.perf.chaos;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run found.
 *
 * @param seed     of everything random.
 * @param minutes  that it took.
 * @param counts   of what happened.
 * @param findings of what may not.
 */
record ChaosResult(long seed, double minutes, ChaosCounts counts, ChaosFindings findings)
{
    boolean isOk()
    {
        return findings.isOk() && counts.acknowledged > 0 && counts.kills() > 0;
    }

    String toJson()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            json.writeStartObject();
            json.writeBooleanField("ok", isOk());
            json.writeNumberField("seed", seed);
            for (final Map.Entry<String, Long> count : countsByName().entrySet())
            {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeObjectFieldStart("kills");
            for (final KillPhase phase : KillPhase.values())
            {
                json.writeNumberField(phase.label(), counts.kills(phase));
            }
            json.writeEndObject();
            json.writeNumberField("violations", findings.total());
            for (final Violation violation : Violation.values())
            {
                json.writeNumberField(violation.label(), findings.count(violation));
            }
            json.writeArrayFieldStart("messages");
            for (final String message : findings.messages())
            {
                json.writeString(message);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** @return a section for a document. */
    String toMarkdown()
    {
        final StringBuilder text = new StringBuilder();
        text.append(String.format("## %.0f minutes of chaos, seed %d%n%n", minutes, seed));
        text.append("| what | count |\n|---|---|\n");
        countsByName().forEach((name, count) -> text.append(String.format("| %s | %,d |%n", name, count)));
        for (final KillPhase phase : KillPhase.values())
        {
            text.append(String.format("| kills, phase %s | %,d |%n", phase.label(), counts.kills(phase)));
        }
        text.append("\n| violation | count |\n|---|---|\n");
        for (final Violation violation : Violation.values())
        {
            text.append(String.format("| %s | %,d |%n", violation.label(), findings.count(violation)));
        }
        findings.messages().forEach(message -> text.append("\n- ").append(message));
        return text.append(findings.messages().isEmpty() ? "" : "\n").toString();
    }

    private Map<String, Long> countsByName()
    {
        final Map<String, Long> byName = new LinkedHashMap<>();
        byName.put("lives", counts.lives);
        byName.put("directories", counts.directories);
        byName.put("journaled", counts.journaled);
        byName.put("acknowledged", counts.acknowledged);
        byName.put("calls", counts.calls);
        byName.put("redelivered", counts.redelivered);
        byName.put("failed", counts.failed);
        byName.put("hangs", counts.hangs);
        byName.put("changes", counts.changes);
        byName.put("deadLetters", counts.deadLetters);
        return byName;
    }
}
