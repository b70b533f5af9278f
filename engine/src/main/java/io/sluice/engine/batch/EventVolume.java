package io.sluice.engine.batch;

/** How many events of a type are to be expected. */
public enum EventVolume
{
    /** Few. */
    LOW,
    /** Some. */
    MEDIUM,
    /** Many: handled one by one they would cost more than they are worth. */
    HIGH
}
