package io.sluice.event.filter;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** A literal. */
final class ConstantNode extends Node
{
    private final Value value = new Value();

    private ConstantNode()
    {
    }

    static ConstantNode ofBoolean(final boolean value)
    {
        final ConstantNode node = new ConstantNode();
        node.value.setBoolean(value);
        return node;
    }

    static ConstantNode ofInteger(final long value)
    {
        final ConstantNode node = new ConstantNode();
        node.value.setInteger(value);
        return node;
    }

    static ConstantNode ofDecimal(final double value)
    {
        final ConstantNode node = new ConstantNode();
        node.value.setDecimal(value);
        return node;
    }

    static ConstantNode ofText(final String value)
    {
        final ConstantNode node = new ConstantNode();
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        node.value.setText(new UnsafeBuffer(bytes), 0, bytes.length);
        return node;
    }

    static ConstantNode ofTime(final long epochNs)
    {
        final ConstantNode node = new ConstantNode();
        node.value.setTime(epochNs);
        return node;
    }

    @Override
    void evaluate(final FilterInput input, final Value result)
    {
        result.set(value);
    }

    @Override
    ValueKind kind()
    {
        return value.kind;
    }
}
