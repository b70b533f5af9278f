package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class ThreadHygieneTest
{
    @Test
    void shouldFailTheTestWhenAnEngineThreadIsLeft() throws Exception
    {
        final CountDownLatch end = new CountDownLatch(1);
        final Thread left = new Thread(() -> Waiting.on(end, "the end of the test"), "sluice-left");
        left.start();
        final AssertionFailedError error =
            assertThrows(AssertionFailedError.class, () -> new ThreadHygiene(0).afterEach(null));
        assertTrue(error.getMessage().contains("sluice-left"), error.getMessage());
        end.countDown();
        left.join(TimeUnit.SECONDS.toMillis(30));
        assertDoesNotThrow(() -> new ThreadHygiene(0).afterEach(null));
    }

    @Test
    void shouldPassWhenOnlyThreadsOfOthersRun() throws Exception
    {
        final CountDownLatch end = new CountDownLatch(1);
        final Thread other = new Thread(() -> Waiting.on(end, "the end of the test"), "host-thread");
        other.start();
        assertDoesNotThrow(() -> new ThreadHygiene(0).afterEach(null));
        end.countDown();
        other.join(TimeUnit.SECONDS.toMillis(30));
    }
}
