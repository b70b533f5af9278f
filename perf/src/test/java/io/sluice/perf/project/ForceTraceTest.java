package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The evaluator of traces, on traces made by hand. */
class ForceTraceTest
{
    private static final Path JOURNAL = Path.of("/data/journal");
    private static final ForceTrace.Place FIRST = new ForceTrace.Place(JOURNAL.resolve("1.cq4"), 5000, 5100);
    private static final ForceTrace.Place SECOND = new ForceTrace.Place(JOURNAL.resolve("2.cq4"), 5000, 5100);
    private static final String MAPPING =
        "8 1700000000.000005 mmap(NULL, 167772160, PROT_READ|PROT_WRITE, MAP_SHARED, 9</data/journal/1.cq4>, 0)" +
        " = 0x7f0000000000";
    private static final List<String> NEW_FILE = List.of(
        "7 1700000000.000001 openat(AT_FDCWD</>, \"/data/journal/1.cq4\", O_RDWR|O_CREAT|O_EXCL, 0666) = 9</x>",
        "7 1700000000.000002 write(1</out>, \"J 1\\n\", 4) = 4",
        "8 1700000000.000003 fsync(9</data/journal/1.cq4>) = 0",
        "8 1700000000.000004 fsync(10</data/journal>) = 0",
        "7 1700000000.000005 write(1</out>, \"S 1\\n\", 4) = 4");
    private static final List<String> NEXT_EVENT = List.of(
        "7 1700000000.000006 write(1</out>, \"J 2\\n\", 4) = 4",
        "8 1700000000.000007 fdatasync(9</data/journal/1.cq4>) = 0",
        "7 1700000000.000008 write(1</out>, \"S 2\\n\", 4) = 4");

    @Test
    void shouldFindNothingWhenEveryAcknowledgementFollowsItsForce()
    {
        final ForceTrace trace = trace(NEW_FILE, NEXT_EVENT);
        assertEquals(List.of(), trace.violations(Map.of(1, FIRST, 2, FIRST)));
        assertEquals(2, trace.acknowledgements());
        assertEquals(2, trace.forcesOfFiles());
    }

    @Test
    void shouldFindNothingWhenCallsAreInterruptedByOthers()
    {
        assertEquals(List.of(), violations(NEW_FILE, List.of(
            "7 1700000000.000006 write(1</out>, \"J 2\\n\", 4 <unfinished ...>",
            "8 1700000000.000007 fdatasync(9</data/journal/1.cq4> <unfinished ...>",
            "7 1700000000.000008 <... write resumed>) = 4",
            "8 1700000000.000009 <... fdatasync resumed>) = 0",
            "7 1700000000.000010 write(1</out>, \"S 2\\n\", 4 <unfinished ...>",
            "7 1700000000.000011 <... write resumed>) = 4")));
    }

    @Test
    void shouldFindTheEventWhenNothingWasForced()
    {
        assertOne("event 2: 1.cq4 was not forced between line 6 and line 7",
            NEW_FILE, List.of(NEXT_EVENT.get(0), NEXT_EVENT.get(2)));
    }

    @Test
    void shouldFindTheEventWhenTheForceBeganBeforeItWasJournaled()
    {
        assertOne("event 2: 1.cq4 was not forced", NEW_FILE, List.of(
            "8 1700000000.000006 fdatasync(9</data/journal/1.cq4> <unfinished ...>",
            NEXT_EVENT.get(0),
            "8 1700000000.000008 <... fdatasync resumed>) = 0",
            NEXT_EVENT.get(2)));
    }

    @Test
    void shouldFindTheEventWhenTheForceEndedAfterTheAcknowledgement()
    {
        assertOne("event 2: 1.cq4 was not forced", NEW_FILE, List.of(
            NEXT_EVENT.get(0),
            "8 1700000000.000007 fdatasync(9</data/journal/1.cq4> <unfinished ...>",
            NEXT_EVENT.get(2),
            "8 1700000000.000009 <... fdatasync resumed>) = 0"));
    }

    @Test
    void shouldFindNothingWhenThePartOfTheFileWasForcedThatHoldsTheEvent()
    {
        assertEquals(List.of(), violations(NEW_FILE, mappedForce("0x7f0000001000, 4096, MS_SYNC) = 0")));
        assertEquals(2, trace(NEW_FILE, mappedForce("0x7f0000001000, 4096, MS_SYNC) = 0")).forcesOfFiles());
    }

    @Test
    void shouldFindTheEventWhenAnotherPartWasForcedOrNotWaitedFor()
    {
        final String missing = "event 2: 1.cq4 was not forced";
        assertOne(missing, NEW_FILE, mappedForce("0x7f0000002000, 4096, MS_SYNC) = 0"));
        assertOne(missing, NEW_FILE, mappedForce("0x7f0000000000, 5050, MS_SYNC) = 0"));
        assertOne(missing, NEW_FILE, mappedForce("0x7f0000001000, 4096, MS_ASYNC) = 0"));
        assertOne(missing, NEW_FILE, mappedForce("0x7f0000001000, 4096, MS_SYNC) = -1 EIO (Input/output error)"));
        assertOne(missing, NEW_FILE, mappedForce("0x7e0000001000, 4096, MS_SYNC) = 0"));
        final List<String> unmapped = new ArrayList<>(mappedForce("0x7f0000001000, 4096, MS_SYNC) = 0"));
        unmapped.add(1, "8 1700000000.000006 munmap(0x7f0000000000, 167772160) = 0");
        assertOne(missing, NEW_FILE, unmapped);
    }

    @Test
    void shouldFindTheFileWhenItWasForcedOnlyBeforeItGotItsName()
    {
        assertEquals(List.of(), violations(renamed(0), NEXT_EVENT));
        assertOne("1.cq4: no fsync before", renamed(3), NEXT_EVENT);
    }

    @Test
    void shouldFindTheEventWhenTheForceFailed()
    {
        assertOne("event 2: 1.cq4 was not forced", NEW_FILE, List.of(
            NEXT_EVENT.get(0),
            "8 1700000000.000007 fdatasync(9</data/journal/1.cq4>) = -1 EIO (Input/output error)",
            NEXT_EVENT.get(2)));
    }

    @Test
    void shouldFindTheEventWhenAnotherFileWasForced()
    {
        assertOne("event 2: 1.cq4 was not forced", NEW_FILE, List.of(
            NEXT_EVENT.get(0),
            "8 1700000000.000007 fdatasync(9</data/journal/2.cq4>) = 0",
            NEXT_EVENT.get(2)));
    }

    @Test
    void shouldFindTheFileWhenItsDirectoryWasNotForcedBeforeTheAcknowledgement()
    {
        assertOne("1.cq4: no fsync of the directory after its own", without(NEW_FILE, 3), NEXT_EVENT);
        final List<String> late = new ArrayList<>(without(NEW_FILE, 3));
        late.add(NEW_FILE.get(3));
        assertOne("1.cq4: no fsync of the directory after its own", late, NEXT_EVENT);
    }

    @Test
    void shouldFindTheFileWhenItsDirectoryWasForcedBeforeIt()
    {
        assertOne("1.cq4: no fsync of the directory after its own", List.of(
            NEW_FILE.get(0), NEW_FILE.get(1), NEW_FILE.get(3), NEW_FILE.get(2), NEW_FILE.get(4)), NEXT_EVENT);
    }

    @Test
    void shouldFindTheFileWhenOnlyItsDataWasForced()
    {
        assertOne("1.cq4: no fsync before", List.of(
            NEW_FILE.get(0),
            NEW_FILE.get(1),
            "8 1700000000.000003 fdatasync(9</data/journal/1.cq4>) = 0",
            NEW_FILE.get(3),
            NEW_FILE.get(4)));
    }

    @Test
    void shouldFindTheSecondFileWhenOnlyTheFirstOneWasMadeDurable()
    {
        final List<String> second = List.of(
            NEW_FILE.get(0).replace("1.cq4", "2.cq4"),
            NEXT_EVENT.get(0),
            NEXT_EVENT.get(1).replace("1.cq4", "2.cq4"),
            NEXT_EVENT.get(2));
        assertEquals(
            List.of(SECOND.file() + ": no fsync before the acknowledgement in line 9"),
            trace(NEW_FILE, second).violations(Map.of(1, FIRST, 2, SECOND)));
    }

    @Test
    void shouldFindTheEventWhenItIsInNoFileOrWasNeverMarked()
    {
        assertEquals(
            List.of("event 2: acknowledged, and in no file"),
            trace(NEW_FILE, NEXT_EVENT).violations(Map.of(1, FIRST)));
        assertOne("event 2: acknowledged, and never marked as journaled",
            NEW_FILE, List.of(NEXT_EVENT.get(1), NEXT_EVENT.get(2)));
    }

    @Test
    void shouldFindTheFileWhenNobodyMadeIt()
    {
        final List<String> violations = trace(without(NEW_FILE, 0)).violations(Map.of(1, FIRST));
        assertEquals(List.of("/data/journal/1.cq4: never made"), violations);
    }

    private static List<String> mappedForce(final String msync)
    {
        return List.of(
            MAPPING, NEXT_EVENT.get(0), "8 1700000000.000007 msync(" + msync, NEXT_EVENT.get(2));
    }

    private static List<String> renamed(final int at)
    {
        final List<String> lines = new ArrayList<>(without(NEW_FILE, 0));
        lines.add(at, "7 1700000000.000002 rename(\"/data/journal/next.spare\", \"/data/journal/1.cq4\") = 0");
        return lines;
    }

    @SafeVarargs
    private static void assertOne(final String start, final List<String>... parts)
    {
        final List<String> violations = violations(parts);
        assertEquals(1, violations.size(), violations.toString());
        assertTrue(violations.get(0).contains(start), violations.get(0));
    }

    @SafeVarargs
    private static List<String> violations(final List<String>... parts)
    {
        return trace(parts).violations(Map.of(1, FIRST, 2, FIRST));
    }

    @SafeVarargs
    private static ForceTrace trace(final List<String>... parts)
    {
        final List<String> lines = new ArrayList<>();
        for (final List<String> part : parts)
        {
            lines.addAll(part);
        }
        return new ForceTrace(lines, JOURNAL);
    }

    private static List<String> without(final List<String> lines, final int index)
    {
        final List<String> rest = new ArrayList<>(lines);
        rest.remove(index);
        return rest;
    }
}
