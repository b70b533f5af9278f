package io.sluice.tools;

/** What a command's exit code says; part of the contract with scripts. */
public final class ExitCode
{
    /** Done. */
    public static final int DONE = 0;
    /** Done, but something failed the check: lost, damaged, refused or malformed input. */
    public static final int FAILED_CHECK = 1;
    /** Wrong usage. */
    public static final int WRONG_USAGE = 2;
    /** The data directory can't be used: busy, not ours, newer, unwritable, damaged beyond what opening repairs. */
    public static final int DIRECTORY_UNUSABLE = 3;

    private ExitCode()
    {
    }
}
