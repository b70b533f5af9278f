package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalVerifierTest
{
    @TempDir
    Path directory;

    @Test
    void shouldTakeWriteThatGoesOnForNoDamageWhenThisProcessAppends() throws IOException
    {
        final TestRecords records = new TestRecords();
        try (JournalAppender appender = JournalAppender.open(TestRecords.context(directory)))
        {
            records.appendNext(appender, 5, 150);
            ChildHalfWriter.writeHalf(directory, 6);
            assertEquals(List.of(), JournalVerifier.verify(directory).findings());
            assertEquals(6, records.append(appender, 6, 150));
            assertEquals(6, JournalVerifier.verify(directory).events());
        }
    }

    @Test
    void shouldTakeWriteForCutOnlyWhenTheProcessThatAppendedIsGone() throws Exception
    {
        try (ChildJvm child = ChildJvm.start(ChildHalfWriter.class, directory.toString()))
        {
            assertEquals("half", child.readLine());
            final VerifyReport report = JournalVerifier.verify(directory);
            assertEquals(List.of(), report.findings());
            assertEquals(5, report.events());
            // Looking took nothing away from the one that appends.
            assertThrows(
                DataDirectoryException.class, () -> JournalAppender.open(TestRecords.context(directory)).close());
            child.kill();
            child.waitFor();
        }
        final VerifyReport report = JournalVerifier.verify(directory);
        assertEquals(1, report.torn());
        assertEquals(5, report.events());
        JournalAppender.open(TestRecords.context(directory)).close();
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
    }
}
