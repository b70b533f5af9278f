package io.sluice.perf.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class CompilerRestTest
{
    @Test
    void shouldBeReachedWhenNothingWasCompiledForSeveralLooks()
    {
        final Queue<Long> times = new ArrayDeque<>(List.of(7L, 7L, 7L, 9L, 9L, 9L, 9L, 9L, 9L, 10L));
        final CompilerRest rest = new CompilerRest(times::remove);
        int looks = 1;
        while (!rest.isReached())
        {
            looks++;
        }
        assertEquals(8, looks);
        assertFalse(rest.isReached(), "something is compiled again");
    }

    @Test
    void shouldTellHowLongTheCompilersHaveWorked()
    {
        final Queue<Long> times = new ArrayDeque<>(List.of(7L, 10L, 10L));
        final CompilerRest rest = new CompilerRest(times::remove);
        assertEquals(3, rest.workedMs());
        assertEquals(0, rest.workedMs());
    }
}
