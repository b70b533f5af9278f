package io.sluice.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.event.IdGenerator;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedLedgerTest
{
    private static final int MILLION = 1_000_000;
    private static final int ALL_IN_MEMORY = 2 * MILLION;

    @ParameterizedTest
    @ValueSource(ints = {ALL_IN_MEMORY, 10_000})
    void shouldMissExactlyWhatWasNotFoundAmongAMillion(final int maxInMemory)
    {
        try (AcceptedLedger ledger = new AcceptedLedger(maxInMemory))
        {
            final IdGenerator accepted = new IdGenerator(7);
            for (int i = 0; i < MILLION; i++)
            {
                accepted.next(i * 1_000L);
                ledger.accepted(accepted.high(), accepted.low());
            }
            final IdGenerator found = new IdGenerator(7);
            for (int i = 0; i < MILLION; i++)
            {
                found.next(i * 1_000L);
                if (i != 3 && i != 499_999 && i != MILLION - 1)
                {
                    ledger.found(found.high(), found.low());
                }
            }
            ledger.conclude();

            assertEquals(3, ledger.missing());
            assertEquals(0, ledger.unexpected());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL_IN_MEMORY, 2})
    void shouldCountEveryAcceptanceOfAnIdOnItsOwn(final int maxInMemory)
    {
        try (AcceptedLedger ledger = new AcceptedLedger(maxInMemory))
        {
            ledger.accepted(1, 1);
            ledger.accepted(1, 1);
            ledger.accepted(0, 0);
            ledger.accepted(2, 1);
            ledger.found(1, 1);
            ledger.found(0, 0);
            ledger.found(1, 2);
            ledger.conclude();

            assertEquals(2, ledger.missing());
            assertEquals(1, ledger.unexpected());
        }
    }

    @Test
    void shouldNotTakeOneIdForAnotherWhenTheyDifferInOneBit()
    {
        try (AcceptedLedger ledger = new AcceptedLedger(ALL_IN_MEMORY))
        {
            for (int bit = 0; bit < Long.SIZE; bit++)
            {
                ledger.accepted(1L << bit, 0);
                ledger.found(0, 1L << bit);
            }
            ledger.conclude();

            assertEquals(Long.SIZE, ledger.missing());
            assertEquals(Long.SIZE, ledger.unexpected());
        }
    }

    @Test
    void shouldLeaveNoFilesWhenClosed() throws IOException
    {
        final Set<Path> before = ledgerDirectories();
        final AcceptedLedger ledger = new AcceptedLedger(2);
        ledger.accepted(1, 1);
        ledger.accepted(2, 2);
        ledger.accepted(3, 3);
        final Set<Path> during = ledgerDirectories();
        assertFalse(during.equals(before), "nothing was put away");

        ledger.close();
        ledger.close();

        during.removeAll(before);
        during.forEach(directory -> assertFalse(Files.exists(directory), directory.toString()));
    }

    private static Set<Path> ledgerDirectories() throws IOException
    {
        final Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> stream =
            Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "sluice-ledger*"))
        {
            stream.forEach(found::add);
        }
        return found;
    }
}
