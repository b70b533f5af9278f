package io.sluice.tools;

import io.sluice.engine.OfflineDelivery;
import io.sluice.engine.control.ControlJson;
import io.sluice.tools.letters.RepairedPayload;
import java.util.Base64;
import picocli.CommandLine;

/** Repairs the event of a dead letter. */
@CommandLine.Command(
    name = "fix",
    description = "Put a repaired payload in the place of that of a dead letter, and hand the event to the handler " +
        "that could not handle it. The journal of events keeps what was published. Where no engine runs the repair " +
        "is kept, and 'retry' hands the event over when one runs.")
final class DeadLetterFixCommand extends DeadLetterChangeCommand
{
    @CommandLine.ArgGroup(multiplicity = "1")
    private Source source;

    @CommandLine.Option(
        names = "--editor",
        paramLabel = "COMMAND",
        defaultValue = "${env:VISUAL:-${env:EDITOR:-vi}}",
        description = "For --edit (default: $VISUAL, $EDITOR or vi).")
    private String editor;

    private byte[] payload;

    /** Where the repaired payload comes from. */
    private static final class Source
    {
        @CommandLine.Option(
            names = "--payload", paramLabel = "TEXT", description = "The whole payload as it should be.")
        private String text;

        @CommandLine.Option(
            names = "--file",
            paramLabel = "FILE",
            description = "A file with the whole payload as it should be, byte by byte; - for standard input.")
        private String file;

        @CommandLine.Option(names = "--edit", description = "Open the payload in an editor.")
        private boolean isEdited;
    }

    DeadLetterFixCommand(final CommandIo io)
    {
        super(io);
    }

    @Override
    void addTo(final ControlJson arguments)
    {
        if (source.isEdited)
        {
            payload = OptionValue.read("--edit", editor, command -> RepairedPayload.edited(
                directory(), number(), command));
        }
        else if (source.file != null)
        {
            payload = OptionValue.read("--file", source.file, file -> RepairedPayload.ofFile(file, io().in()));
        }
        else
        {
            payload = RepairedPayload.ofText(source.text);
        }
        arguments.add("payloadBase64", Base64.getEncoder().encodeToString(payload));
    }

    @Override
    boolean isChanged(final OfflineDelivery files)
    {
        return files.fixDeadLetter(number(), event -> event.payload(payload));
    }

    @Override
    String done()
    {
        return "is repaired, and handed to its handler";
    }

    @Override
    String doneOffline()
    {
        return "is repaired";
    }
}
