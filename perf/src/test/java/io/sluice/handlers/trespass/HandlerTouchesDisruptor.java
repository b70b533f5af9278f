package io.sluice.handlers.trespass;

import com.lmax.disruptor.RingBuffer;

/** Planted: only the engine may see the Disruptor. */
public record HandlerTouchesDisruptor(RingBuffer<Object> ring)
{
}
