package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureKind;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Main class of child processes: dead-letters events from a sequence on until it is killed, each one twice, and takes
 * some of the letters on. Prints what is done: {@code letter SEQUENCE} or {@code delivered LETTER}.
 */
public final class ChildLetters
{
    private static final int EVERY = 7;

    private ChildLetters()
    {
    }

    /**
     * Run.
     *
     * @param arguments directory, first sequence.
     */
    public static void main(final String[] arguments)
    {
        final PrintStream output =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        final LetterFailure failure = Letters.failure("s", FailureKind.TRANSIENT);
        final DeadLetterContext context =
            new DeadLetterContext().directory(Path.of(arguments[0])).maxOpenLetters(100);
        try (DeadLetterJournal journal = DeadLetterJournal.open(context))
        {
            for (long sequence = Long.parseLong(arguments[1]); true; sequence++)
            {
                final LetterStatus letter = journal.deadLetter(Letters.event(sequence), failure);
                output.println("letter " + sequence);
                if (journal.deadLetter(Letters.event(sequence), failure).letter() != letter.letter())
                {
                    output.println("doubled " + sequence);
                }
                if (sequence % EVERY == 0)
                {
                    journal.retried(letter.letter());
                    journal.delivered(letter.letter());
                    output.println("delivered " + sequence);
                }
                journal.doWork();
            }
        }
    }
}
