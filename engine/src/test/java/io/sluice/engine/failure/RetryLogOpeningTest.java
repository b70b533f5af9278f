package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryLogOpeningTest
{
    @TempDir
    private Path directory;

    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldBeAnErrorThatNamesThePlaceWhenItCantBeOpened() throws IOException
    {
        Files.write(directory.resolve("positions"), new byte[1]);

        final EventStorageException error = assertThrows(
            EventStorageException.class, () -> RetryLog.open(new DataDirectory(directory), errors::add));

        assertTrue(error.getMessage().contains("retries can't be opened"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048, 5000, 1 << 22})
    void shouldNameTheLengthWhenItIsOutOfRange(final int length)
    {
        final IllegalArgumentException error = assertThrows(
            IllegalArgumentException.class, () -> RetryLog.open(new DataDirectory(directory), length, errors::add));

        assertTrue(error.getMessage().contains("segmentLength=" + length), error.getMessage());
    }
}
