package io.sluice.journal;

import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.archive.ArchiveKeyException;
import io.sluice.archive.KeyFile;
import io.sluice.archive.KeyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalArchiveKeysTest
{
    private static final int COUNT = 900;

    private Path data;
    private Path keyFile;
    private ArchiveFixture journal;

    @TempDir
    Path directory;

    @BeforeEach
    void archiveWithKey()
    {
        data = directory.resolve("data");
        keyFile = directory.resolve("keys");
        KeyFile.generate(keyFile);
        journal = new ArchiveFixture(data);
        journal.fill(COUNT);
        assertTrue(JournalArchive.archiveNow(context(), false).isSound());
    }

    @Test
    void shouldReadAndVerifyWithTheKeyOnly()
    {
        try (JournalTailer tailer = tailer())
        {
            assertEquals(range(1, COUNT), sequences(tailer));
        }
        assertEquals(List.of(), JournalVerifier.verify(data, JournalArchive.keyFile(keyFile)).findings());
        assertThrows(ArchiveKeyException.class, () -> sequences(data));
        assertThrows(ArchiveKeyException.class, () -> JournalVerifier.verify(data));
        assertThrows(ArchiveKeyException.class, () -> JournalRepair.quarantine(data));
        final Path others = directory.resolve("others");
        KeyFile.generate(others);
        assertThrows(
            ArchiveKeyException.class, () -> JournalVerifier.verify(data, JournalArchive.keyFile(others)));
        assertEquals(0, JournalRepair.quarantine(data, JournalArchive.keyFile(keyFile)).sequencesLost());
    }

    @Test
    void shouldReadOnWhenTheKeyIsRotatedMeanwhile()
    {
        try (JournalTailer tailer = tailer())
        {
            final List<Long> read = new ArrayList<>();
            assertEquals(1, tailer.poll((event) -> read.add(event.sequence()), 1));
            final String key = KeyFile.rotate(keyFile);
            final List<Path> wrapped = new ArrayList<>();
            final List<Path> forced = new ArrayList<>();
            final int files = JournalArchive.list(data).size();
            final KeyProvider keys = JournalArchive.keyFile(keyFile);

            assertEquals(
                files, JournalArchive.rewrapKeys(data, keys, wrapped::add, (path, isName) -> forced.add(path)));

            assertEquals(files, wrapped.size());
            assertTrue(forced.containsAll(wrapped));
            JournalArchive.list(data).forEach((file) -> assertEquals(key, file.keyId()));
            assertEquals(0, JournalArchive.rewrapKeys(data, keys, wrapped::add, ForceListener.NONE));
            read.addAll(sequences(tailer));
            assertEquals(range(1, COUNT), read);
        }
        assertThrows(
            ArchiveKeyException.class,
            () -> JournalArchive.rewrapKeys(data, KeyProvider.NONE, (file) -> {}, ForceListener.NONE));
    }

    @Test
    void shouldNotGuessWhatTheEngineWantsWhenThePolicyWasDamaged() throws IOException
    {
        final Path policy = data.resolve("control").resolve("policy");
        final byte[] bytes = Files.readAllBytes(policy);
        bytes[bytes.length - 30] ^= 1;
        Files.write(policy, bytes);
        assertThrows(DataDirectoryException.class, () -> JournalArchive.archiveNow(context(), true));
        JournalRepair.quarantine(data, JournalArchive.keyFile(keyFile));
        final DataDirectoryException ex =
            assertThrows(DataDirectoryException.class, () -> JournalArchive.archiveNow(context(), true));
        assertTrue(ex.getMessage().contains("start the engine"), ex.getMessage());
        assertThrows(DataDirectoryException.class, () -> JournalArchive.retention(data));
        JournalAppender.open(context()).close();
        assertEquals(RetentionPolicy.standard().toString(), JournalArchive.retention(data).toString());
        assertTrue(JournalArchive.archiveNow(context(), true).isSound());
    }

    @Test
    void shouldNotArchiveInTheClearWhenTheEngineEncrypts()
    {
        JournalAppender.open(context()).close();
        final ArchiveKeyException ex = assertThrows(ArchiveKeyException.class, journal::archiveNow);
        assertTrue(ex.getMessage().contains("is encrypted and no key is given"), ex.getMessage());
        journal.fill(COUNT);
        // The engine has said that it does not encrypt any more.
        assertTrue(journal.archiveNow().isSound());
        assertEquals("", JournalArchive.list(data).get(JournalArchive.list(data).size() - 1).keyId());
        try (JournalTailer tailer = tailer())
        {
            assertEquals(range(1, 2 * COUNT), sequences(tailer));
        }
    }

    @Test
    void shouldChangeNothingAboutTheArchiveWhenAppendedToWithTheIdlePolicy() throws IOException
    {
        final Path policy = data.resolve("control").resolve("policy");
        JournalAppender.open(context()).close();
        final String said = Files.readString(policy);
        assertThrows(ArchiveKeyException.class, () -> JournalArchive.idlePolicy(data, KeyProvider.NONE));
        final ArchivePolicy idle = JournalArchive.idlePolicy(data, JournalArchive.keyFile(keyFile));
        assertFalse(idle.thread());

        JournalAppender.open(new JournalContext().directory(data).archive(idle)).close();

        assertEquals(said, Files.readString(policy));
        final Path absent = directory.resolve("absent");
        assertNull(JournalArchive.idlePolicy(absent, JournalArchive.keyFile(keyFile)).keys().currentKeyId());
        assertFalse(Files.exists(absent));
    }

    @Test
    void shouldOpenForAppendingWithoutTheKey()
    {
        journal.fill(10);
        assertEquals(0, JournalArchive.rewrapKeys(
            directory.resolve("data"), JournalArchive.keyFile(keyFile), (file) -> {}, ForceListener.NONE));
        final Path empty = directory.resolve("empty");
        JournalAppender.open(TestRecords.context(empty)).close();
        assertEquals(0, JournalArchive.rewrapKeys(empty, KeyProvider.NONE, (file) -> {}, ForceListener.NONE));
        assertTrue(Files.exists(keyFile));
    }

    private JournalContext context()
    {
        return TestRecords.context(data).archive(new ArchivePolicy().thread(false).keyFile(keyFile));
    }

    private JournalTailer tailer()
    {
        return JournalTailer.open(new TailerContext().directory(data).keyFile(keyFile));
    }
}
