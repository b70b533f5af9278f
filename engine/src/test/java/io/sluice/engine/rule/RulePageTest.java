package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page {@code docs/rules.md}: every rule on it is one, and the first is the one that the Java code makes. */
class RulePageTest
{
    @Test
    void shouldReadEveryRuleWhenItStandsOnThePage() throws IOException
    {
        final List<String> rules = new ArrayList<>();
        String block = "";
        for (final String line : Files.readAllLines(Path.of("../docs/rules.md")))
        {
            if (line.startsWith("```"))
            {
                block = line;
            }
            else if ("```json".equals(block) && line.startsWith("{"))
            {
                rules.add(line);
            }
            else if ("```json".equals(block))
            {
                rules.set(rules.size() - 1, rules.get(rules.size() - 1) + line);
            }
        }
        assertEquals(8, rules.size());
        final RuleFixture fixture = new RuleFixture();
        fixture.table.replaceAll(rules.stream().map(RoutingRule::ofJson).toList());
        assertEquals(
            RoutingRule.named("slow-steps")
                .order(10)
                .pattern("pipeline.stage.*")
                .where("payload.duration_ms > 1000")
                .set("metadata.team", "pipelines")
                .setFrom("metadata.tenant", "payload.tenant.id")
                .drop("payload.token")
                .copyTo("slow-step-report")
                .minimumPriority(Priority.NORMAL)
                .build(),
            RoutingRule.ofJson(rules.get(0)));
        assertTrue(fixture.run.apply(fixture.event(1, "{\"type\":\"user.added\"}")));
        assertEquals("audit.user", RuleFixture.topic(fixture.run));
    }
}
