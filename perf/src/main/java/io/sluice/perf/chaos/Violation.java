package io.sluice.perf.chaos;

/** What may not happen. */
enum Violation
{
    /** An acknowledged event is not in the journal, or under another sequence, or a sequence is missing or twice. */
    LOST("lost"),
    /** An event that a subscription wants was neither handled by it nor became a dead letter. */
    UNDELIVERED("undelivered"),
    /** A subscription was handed what it does not want, or what is not in the journal. */
    STRANGE("strange"),
    /** Handed over in another order than the subscription is promised. */
    DISORDERED("disordered"),
    /** Two calls at once where one is promised. */
    OVERLAPPING("overlapping"),
    /** Handed over once more in the same life, and nothing had failed. */
    REPEATED("repeated"),
    /** Handed over once more without the flag that says so, or with it for the first time. */
    MISFLAGGED("misflagged"),
    /** A dead letter of nothing that failed, or with another cause. */
    WRONG_LETTER("wrongLetters"),
    /** A child failed, or did not come to rest. */
    FAILED_CHILD("failedChildren");

    private final String label;

    Violation(final String label)
    {
        this.label = label;
    }

    /** @return name in JSON. */
    String label()
    {
        return label;
    }
}
