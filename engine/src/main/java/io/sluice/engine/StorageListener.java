package io.sluice.engine;

/** Told by the sequencing thread whether the journal can be appended to. */
@FunctionalInterface
interface StorageListener
{
    void onStorage(boolean isReady);
}
