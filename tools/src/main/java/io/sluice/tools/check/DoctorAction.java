package io.sluice.tools.check;

import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Checks whether this machine, this JVM and the place of the data are good for an engine, and says what to do. */
public final class DoctorAction
{
    private static final int STATUS_WIDTH = 6;
    private static final int CHECK_WIDTH = 14;

    private final Path directory;
    private final boolean isJson;
    private final HostFacts facts;

    /**
     * @param directory data directory; need not exist.
     * @param isJson    true for programs.
     * @param facts     of the machine.
     */
    public DoctorAction(final Path directory, final boolean isJson, final HostFacts facts)
    {
        this.directory = directory;
        this.isJson = isJson;
        this.facts = facts;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if something has to change.
     */
    public int run(final CommandIo io)
    {
        final List<Finding> findings = new ArrayList<>(
            new HostChecks(facts, JvmFlags.missing(), Runtime.getRuntime().availableProcessors()).run());
        findings.addAll(new StorageChecks(facts).run(directory));
        return report(io, findings);
    }

    int report(final CommandIo io, final List<Finding> findings)
    {
        final boolean isColoured = io.isOutTerminal() && io.isColoured();
        for (final Finding finding : findings)
        {
            io.out().println(isJson ? json(finding) : line(finding, isColoured));
        }
        final long failed = count(findings, Finding.Status.FAIL);
        final long warned = count(findings, Finding.Status.WARN);
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("ok", failed == 0).add("checks", findings.size()).add("warned", warned).add("failed", failed));
        }
        else
        {
            io.out().println(findings.size() + " checks, " + warned + " warned, " + failed + " failed");
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private static long count(final List<Finding> findings, final Finding.Status status)
    {
        return findings.stream().filter(finding -> finding.status() == status).count();
    }

    private static JsonLine json(final Finding finding)
    {
        return new JsonLine()
            .add("check", finding.check())
            .add("status", finding.status().name().toLowerCase(Locale.ROOT))
            .add("value", finding.value())
            .add("remedy", finding.remedy());
    }

    private static String line(final Finding finding, final boolean isColoured)
    {
        final Colour colour = finding.status() == Finding.Status.OK ? Colour.GREEN :
            finding.status() == Finding.Status.WARN ? Colour.YELLOW : Colour.RED;
        final String status = padded(finding.status().name().toLowerCase(Locale.ROOT), STATUS_WIDTH);
        final String first = (isColoured ? colour.paint(status) : status) + padded(finding.check(), CHECK_WIDTH) +
            PlainText.printable(finding.value());
        return finding.remedy().isEmpty() ? first :
            first + System.lineSeparator() + " ".repeat(STATUS_WIDTH + CHECK_WIDTH) + "→ " + finding.remedy();
    }

    private static String padded(final String text, final int width)
    {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
