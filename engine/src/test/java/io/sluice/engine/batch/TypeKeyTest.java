package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeKeyTest
{
    private static final String TYPE = "pipeline.stage.completed.x";

    private final TypeKey key = new TypeKey();

    @ParameterizedTest
    @ValueSource(strings = {
        "pipeline.stage.completed.x",
        "pipeline.stage.completed",
        "pipeline.stage.completed.y",
        "Pipeline.stage.completed.x",
        "pipeline.stage_completed.x",
        "p"})
    void shouldMatchWhenAllBytesAreEqual(final String other)
    {
        set(TYPE);
        assertEquals(TYPE.equals(other), matches(other));
        set(other);
        assertEquals(TYPE.equals(other), matches(TYPE));
        assertTrue(matches(other));
    }

    @Test
    void shouldForgetTheLongerOneWhenAShorterOneIsSet()
    {
        set(TYPE);
        set("pipeline");

        assertTrue(matches("pipeline"));
        assertFalse(matches(TYPE));
    }

    private void set(final String type)
    {
        final byte[] bytes = (" " + type).getBytes(StandardCharsets.UTF_8);
        key.set(new UnsafeBuffer(bytes), 1, bytes.length - 1);
    }

    private boolean matches(final String type)
    {
        final byte[] bytes = ("  " + type).getBytes(StandardCharsets.UTF_8);
        return key.matches(new UnsafeBuffer(bytes), 2, bytes.length - 2);
    }
}
