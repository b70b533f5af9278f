package io.sluice.engine;

/** Finds subscriptions, and has their handlers called on workers. Delivery thread only. */
interface RetryDispatch
{
    /**
     * @param retryId of a subscription.
     * @return the one that has a handler now, or null.
     */
    Subscription find(long retryId);

    /**
     * @param name of a subscription.
     * @return the one that has a handler now, or null.
     */
    Subscription find(String name);

    /** @return whether a call for the subscription could be made now, as far as can be told before. */
    boolean canCall(Subscription subscription);

    /** @return whether a call would be taken now, where {@link #canCall} says that one could be made. */
    boolean hasRoom(RetryCall call);

    /**
     * Have a handler called.
     *
     * @param call to make.
     * @return false if that can't be done just now.
     */
    boolean call(RetryCall call);
}
