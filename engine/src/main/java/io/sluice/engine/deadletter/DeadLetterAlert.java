package io.sluice.engine.deadletter;

/**
 * Tells a person about dead letters. Called on the delivery thread: it must not wait for anything. What it throws is
 * counted and reported.
 *
 * <p>The rule, each time that an event is dead-lettered, whether for the first time or after a retry:
 * <ol>
 * <li>If nothing will happen to the letter by itself, there is an alert about it: {@link AlertReason#MANUAL} for that
 * kind, {@link AlertReason#RETRIES_USED_UP} and {@link AlertReason#NO_FIX} for the others.</li>
 * <li>Otherwise there is one, {@link AlertReason#FAILED_AGAIN}, if the letter was dead-lettered more than {@code
 * alertAfter} times: from the fourth time on, by default.</li>
 * <li>Besides, there is one, {@link AlertReason#MANY_LETTERS}, when the subscription has more than {@code alertAfter}
 * open letters: once, with the fourth by default, and not again before it had {@code alertAfter} or less.</li>
 * </ol>
 * Who starts an engine on open letters is told of subscriptions with too many of them, and of letters whose retries are
 * used up because the process ended during the last one; not of each one again. An alert is given after the letter was
 * recorded; if the process ends in between, it is not made up for.
 */
@FunctionalInterface
public interface DeadLetterAlert
{
    /** Tells nobody. */
    DeadLetterAlert NONE = (reason, letter, openLetters) -> {};

    /**
     * A person should look.
     *
     * @param reason      why.
     * @param letter      about which letter; for {@link AlertReason#MANY_LETTERS} the last one of many.
     * @param openLetters of its subscription.
     * @throws Exception whatever goes wrong.
     */
    void onAlert(AlertReason reason, DeadLetter letter, int openLetters) throws Exception;
}
