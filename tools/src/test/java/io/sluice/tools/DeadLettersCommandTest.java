package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.engine.deadletter.DeadLetterJournal;
import io.sluice.engine.deadletter.LetterFailure;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.EventBuilder;
import io.sluice.event.Timestamps;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class DeadLettersCommandTest
{
    private static final long FIRST_NS = Timestamps.parse("2026-11-21T05:00:00Z");
    private static final long LAST_NS = Timestamps.parse("2026-11-21T06:00:00.500Z");

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        final String events =
            "{\"type\":\"order.created\",\"id\":\"o-1\",\"source\":\"shop\",\"priority\":\"high\"," +
            "\"timestamp\":\"2026-11-21T04:00:00Z\",\"correlationId\":\"c-1\",\"metadata\":{\"host\":\"h\"}," +
            "\"aggregate\":{\"type\":\"Order\",\"id\":\"7\",\"version\":3}," +
            "\"payload\":{\"total\":1.50,\"tags\":[\"a,{\\\"\\\\\",{}],\"none\":[ ]}}\n" +
            "{\"type\":\"mail.sent\",\"id\":\"m-1\",\"contentType\":\"text/plain\"," +
            "\"payload\":\"a\\u001b[31m\\nb\"}\n" +
            "{\"type\":\"order.created\",\"id\":\"o-2\"}\n";
        final CommandResult run = CommandResult.runWithInput(events, "run", "ndjson:-", "--dir", data());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    @Test
    void shouldListNothingWhenNoEventFailed()
    {
        final CommandResult text = run("dead-letters", "list");
        assertEquals(ExitCode.DONE, text.exitCode(), text.err());
        assertEquals("", text.out());
        assertEquals("0 letters\n", text.err());
        assertEquals(
            "{\"letters\":0,\"more\":false,\"unreadable\":0}\n", run("dead-letters", "list", "--json").out());

        final CommandResult show = run("dead-letters", "show", "1");
        assertEquals(ExitCode.FAILED_CHECK, show.exitCode());
        assertTrue(show.err().contains("there is no dead letter 1"), show.err());
    }

    @Test
    void shouldListLettersForPeople()
    {
        fail();

        final CommandResult result = run("dead-letters", "list");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertEquals(
            List.of(
                "LETTER     STATE       KIND                FAILED  TRIED  SUBSCRIPTION  SEQUENCE           TYPE" +
                "                                WHY",
                "1           open    fixable  2026-11-21T06:00:00Z      4       billing         1  order.created" +
                "  IllegalStateException: no account",
                "2       retrying  transient  2026-11-21T06:00:00Z      2          mail         2      mail.sent" +
                "                          timed out"),
            result.lines());
        assertEquals("2 letters\n", result.err());
        assertEquals(
            List.of("3       dropped  manual"),
            run("dead-letters", "list", "--state", "dropped").lines().stream()
                .skip(1).map(line -> line.substring(0, 23)).toList());
    }

    @Test
    void shouldListLettersForPrograms()
    {
        fail();

        final CommandResult result = run("dead-letters", "list", "--json", "--order", "-letter", "--state", "all");

        assertEquals(4, result.lines().size(), result.out());
        assertTrue(result.lines().get(0).startsWith(
            "{\"letter\":3,\"state\":\"dropped\",\"subscription\":\"billing\","), result.out());
        assertTrue(result.lines().get(2).startsWith(
            "{\"letter\":1,\"state\":\"open\",\"subscription\":\"billing\",\"sequence\":1,\"kind\":\"FIXABLE\"," +
            "\"cause\":\"THREW\",\"attempts\":4,\"failures\":1,\"retries\":0,\"fixes\":0," +
            "\"exception\":\"java.lang.IllegalStateException\",\"message\":\"no account\"," +
            "\"firstFailure\":\"2026-11-21T05:00:00Z\",\"lastFailure\":\"2026-11-21T06:00:00.500Z\",\"changed\":\""),
            result.lines().get(2));
        assertTrue(result.lines().get(2).endsWith(
            ",\"type\":\"order.created\",\"id\":\"o-1\",\"priority\":\"HIGH\"}"), result.lines().get(2));
        assertEquals("{\"letters\":3,\"more\":false,\"unreadable\":0}", result.lastLine());
        assertEquals("", result.err());
        assertEquals(
            "{\"letters\":1,\"more\":true,\"unreadable\":0}",
            run("dead-letters", "list", "--json", "--limit", "1", "--state", "ALL").lastLine());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--subscription | mail | 2",
        "--where | type = 'order.created' AND metadata.deadLetter.subscription = 'billing' | 1",
        "--where | metadata.deadLetter.kind = 'TRANSIENT' | 2",
        "--limit | 1 | 1",
        "--state | dropped,retrying | 2 3"})
    void shouldListWhatIsAskedFor(final String option, final String value, final String expected)
    {
        fail();
        final String letters = run("dead-letters", "list", option, value).lines().stream()
            .skip(1).map(line -> line.substring(0, 1)).reduce((a, b) -> a + ' ' + b).orElse("");
        assertEquals(expected, letters);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "list --state gone | --state 'gone' is not known: use open, retrying, delivered, dropped or all",
        "list --order size | --order 'size' is not known",
        "list --limit 0 | --limit: 0 is out of range",
        "list --where payload.= | --where:",
        "show 0 | NUMBER: 0 is out of range",
        "show x | Invalid value for positional parameter",
        "show | Missing required parameter: 'NUMBER'",
        "'' | Usage: sluice dead-letters"})
    void shouldNameTheRemedyWhenTheUsageIsWrong(final String line, final String expected)
    {
        final CommandResult result = CommandResult.run(
            Stream.concat(Stream.of("dead-letters"), Stream.of(line.split(" ")).filter(word -> !word.isEmpty()))
                .toArray(String[]::new));
        assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), result.out());
        assertTrue(result.err().contains(expected), result.err());
    }

    @Test
    void shouldShowALetterAsAPersonReadsIt()
    {
        fail();

        final CommandResult result = run("dead-letters", "show", "1");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        final String times = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
        final List<String> lines =
            result.lines().stream().map(line -> line.replaceAll("^  " + times, "  TIME")
                .replaceAll("recorded        " + times, "recorded        TIME")).toList();
        assertEquals(
            List.of(
                "dead letter 1, open",
                "  subscription    billing",
                "  why             IllegalStateException: no account",
                "  exception       java.lang.IllegalStateException",
                "  kind            fixable",
                "  attempts        4",
                "  first failure   2026-11-21T05:00:00Z",
                "  last failure    2026-11-21T06:00:00.500Z",
                "event",
                "  type            order.created",
                "  id              o-1",
                "  sequence        1",
                "  recorded        TIME",
                "  timestamp       2026-11-21T04:00:00Z",
                "  priority        HIGH",
                "  source          shop",
                "  correlation     c-1",
                "  aggregate       Order/7, version 3",
                "  metadata        {\"host\":\"h\"}",
                "history",
                "  TIME  dead-lettered: after 4 attempts, fixable, IllegalStateException: no account",
                "payload, application/json, 55 bytes",
                "  {",
                "    \"total\": 1.50,",
                "    \"tags\": [",
                "      \"a,{\\\"\\\\\",",
                "      {}",
                "    ],",
                "    \"none\": []",
                "  }",
                "in the way",
                "  no engine runs there: the event waits for one that handles 'billing'",
                "next",
                "  sluice dead-letters fix 1 --edit --dir " + data(),
                "  sluice dead-letters drop 1 --dir " + data()),
            lines.stream().map(line -> line.replaceAll("json, \\d+ bytes", "json, 55 bytes")).toList());
    }

    @Test
    void shouldNotLetALetterSteerTheTerminal()
    {
        fail();
        final CommandResult result = run("dead-letters", "show", "2");
        assertTrue(result.out().contains("\n  a\\u001b[31m\n  b\n"), result.out());
        assertTrue(result.out().contains("retried\n"), result.out());
        assertTrue(result.out().contains("  why             timed out\n"), result.out());
        assertFalse(result.out().contains("\u001b"));
    }

    @Test
    void shouldShowARepairedEventAndBytesInHexadecimal()
    {
        fail();
        final byte[] payload = new byte[600];
        payload[0] = 'A';
        payload[1] = (byte)0xFF;
        try (DeadLetterJournal journal = open())
        {
            journal.fixed(
                1,
                new EventBuilder().type("order.created").id("o-1").contentType("application/x-own").payload(payload));
        }
        final String out = run("dead-letters", "show", "1").out();
        assertTrue(out.contains("\nevent, as it was repaired\n"), out);
        assertTrue(out.contains("  fixed\npayload, application/x-own, 600 bytes\n" +
            "  000000  41 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00  A...............\n"), out);
        assertTrue(out.contains("  … 88 more bytes; 'show --json' prints all of them\nin the way\n"), out);
        assertTrue(run("dead-letters", "show", "3").out().endsWith("  dropped: too old\nno payload\n"));
    }

    @Test
    void shouldShowALetterForPrograms()
    {
        fail();

        final List<String> lines = run("dead-letters", "show", "3", "--json").lines();

        assertEquals(4, lines.size(), lines.toString());
        assertTrue(lines.get(0).matches(
            "\\{\"action\":\"dead-lettered\",\"record\":3,\"recorded\":\"[^\"]+\",\"attempts\":0," +
            "\"cause\":\"BREAKER_OPEN\",\"kind\":\"MANUAL\",\"exception\":\"\"\\}"), lines.get(0));
        assertTrue(lines.get(1).matches(
            "\\{\"action\":\"dropped\",\"record\":5,\"recorded\":\"[^\"]+\",\"message\":\"too old\"\\}"), lines.get(1));
        // The event as its own journal has it.
        assertEquals(run("tail", "--from", "3", "--format", "json").lines().get(0), lines.get(2));
        assertTrue(lines.get(3).startsWith("{\"letter\":3,\"state\":\"dropped\","), lines.get(3));
        assertTrue(lines.get(3).endsWith(",\"next\":[],\"inTheWay\":[]}"), lines.get(3));

        final String retrying = run("dead-letters", "show", "2", "--json").lastLine();
        assertTrue(
            retrying.endsWith(
                ",\"next\":[\"sluice dead-letters show 2 --dir " + data() + "\",\"sluice dead-letters drop 2 --dir " +
                data() + "\"],\"inTheWay\":[\"no engine runs there: the event waits for one that handles 'mail'\"]}"),
            retrying);
    }

    @Test
    void shouldLeaveOtherCommandsWorkOnTheLettersThemselves()
    {
        fail();
        final String letters = directory.resolve("data").resolve("dead-letters").toString();
        assertEquals(5, CommandResult.run("tail", "--dir", letters).lines().size());
        assertEquals(
            2,
            CommandResult.run("query", "metadata.deadLetter.letter = 3", "--dir", letters).lines().size());
        assertEquals(ExitCode.DONE, CommandResult.run("verify", "--dir", letters).exitCode());
    }

    @Test
    void shouldExitWithOneWhenThereAreRecordsOfOtherKinds()
    {
        fail();
        final JournalContext context =
            new JournalContext().directory(directory.resolve("data").resolve("dead-letters"));
        try (JournalAppender appender = JournalAppender.open(context);
            JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory.resolve("data"))))
        {
            tailer.poll(event ->
            {
                final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.recordLength()]);
                event.copyTo(copy, 0);
                appender.stage(copy, 0, copy.capacity(), Verdict.ACCEPTED, 0, 1);
            }, 1);
        }
        final CommandResult result = run("dead-letters", "list");
        assertEquals(ExitCode.FAILED_CHECK, result.exitCode());
        assertTrue(result.err().contains("1 records are none of dead letters"), result.err());
    }

    @Test
    void shouldExitWithThreeWhenThereIsNoJournal()
    {
        final CommandResult result =
            CommandResult.run("dead-letters", "list", "--dir", directory.resolve("nowhere").toString());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, result.exitCode());
        assertTrue(result.err().contains("nowhere"), result.err());
    }

    /** Dead-letters the three events of the journal, and does something about two of them. */
    private void fail()
    {
        try (DeadLetterJournal journal = open();
            JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory.resolve("data"))))
        {
            tailer.poll(event -> journal.deadLetter(event, switch ((int)event.sequence())
            {
                case 1 -> LetterFailure.of(
                    "billing", 4, FailureCause.THREW, FailureKind.FIXABLE, new IllegalStateException("no account"),
                    FIRST_NS, LAST_NS);
                case 2 -> LetterFailure.of(
                    "mail", 2, FailureCause.TIMED_OUT, FailureKind.TRANSIENT, null, FIRST_NS, LAST_NS);
                default -> LetterFailure.of(
                    "billing", 0, FailureCause.BREAKER_OPEN, FailureKind.MANUAL, null, FIRST_NS, LAST_NS);
            }), 3);
            journal.retried(2);
            journal.dropped(3, "too old");
        }
    }

    private DeadLetterJournal open()
    {
        return DeadLetterJournal.open(new DeadLetterContext().directory(directory.resolve("data")));
    }

    private CommandResult run(final String... args)
    {
        return CommandResult.run(Stream.concat(Stream.of(args), Stream.of("--dir", data())).toArray(String[]::new));
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }
}
