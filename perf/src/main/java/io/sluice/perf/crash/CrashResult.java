package io.sluice.perf.crash;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * What a crash run found.
 *
 * @param rounds       kills.
 * @param acknowledged events that the parent heard acknowledged.
 * @param findings     of all rounds.
 * @param kills        by phase.
 * @param isCovered    whether every phase got its part of the kills.
 */
record CrashResult(int rounds, long acknowledged, CrashFindings findings, PhaseTally kills, boolean isCovered)
{
    boolean isOk()
    {
        return findings.isOk() && isCovered;
    }

    String toJson()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            json.writeStartObject();
            json.writeBooleanField("ok", isOk());
            json.writeNumberField("rounds", rounds);
            json.writeNumberField("acknowledged", acknowledged);
            json.writeNumberField("missing", findings.missing());
            json.writeNumberField("gaps", findings.gaps());
            json.writeNumberField("notRedelivered", findings.notRedelivered());
            json.writeNumberField("wrongVerdicts", findings.wrongVerdicts());
            json.writeObjectFieldStart("phases");
            for (final CrashPhase phase : CrashPhase.values())
            {
                json.writeNumberField(phase.label(), kills.kills(phase));
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
