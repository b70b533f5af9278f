package io.sluice.perf.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.ThreadingMode;
import io.sluice.journal.JournalPhase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameTest
{
    private final ByteArrayOutputStream pipe = new ByteArrayOutputStream();
    private final byte[] scratch = new byte[Frame.LENGTH];

    @Test
    void shouldReadWhatWasSentWhenTheChildIsDead() throws IOException
    {
        final FrameWriter frames = new FrameWriter(pipe);
        frames.send(Frame.Kind.READY);
        frames.send(Frame.Kind.ACKNOWLEDGED, -1, 2, Long.MAX_VALUE, -4, 5);

        final ByteArrayInputStream in = new ByteArrayInputStream(pipe.toByteArray());

        assertEquals(new Frame(Frame.Kind.READY, 0, 0, 0, 0, 0), Frame.read(in, scratch));
        assertEquals(new Frame(Frame.Kind.ACKNOWLEDGED, -1, 2, Long.MAX_VALUE, -4, 5), Frame.read(in, scratch));
        assertNull(Frame.read(in, scratch));
    }

    @Test
    void shouldRefuseAFrameWhenItIsHalfOrOfAnotherKind()
    {
        new FrameWriter(pipe).send(Frame.Kind.READY);
        final byte[] bytes = pipe.toByteArray();

        assertThrows(
            EOFException.class,
            () -> Frame.read(new ByteArrayInputStream(Arrays.copyOf(bytes, Frame.LENGTH - 1)), scratch));
        bytes[0] = 99;
        assertThrows(IOException.class, () -> Frame.read(new ByteArrayInputStream(bytes), scratch));
    }

    @Test
    void shouldKeepEveryFieldWhenACommandGoesOverTheLine()
    {
        final ChildCommand held = new ChildCommand(
            Path.of("/dir with blank"), ThreadingMode.PAIRED, -7, 12, false, JournalPhase.ROLL, true,
            Integer.MAX_VALUE, 2);
        final ChildCommand finish =
            new ChildCommand(Path.of("/d"), ThreadingMode.SHARED, 1, 0, true, null, false, 0, 0);

        assertEquals(held, ChildCommand.parse(held.toLine()));
        assertEquals(finish, ChildCommand.parse(finish.toLine()));
        assertThrows(IllegalArgumentException.class, () -> ChildCommand.parse("nonsense"));
    }
}
