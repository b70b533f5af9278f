package io.sluice.tools.check;

/**
 * What one check of the doctor found.
 *
 * @param check  name of the check.
 * @param status how it ended.
 * @param value  what was found.
 * @param remedy what to do about it, empty if nothing.
 */
record Finding(String check, Status status, String value, String remedy)
{
    static Finding ok(final String check, final String value)
    {
        return new Finding(check, Status.OK, value, "");
    }

    static Finding warn(final String check, final String value, final String remedy)
    {
        return new Finding(check, Status.WARN, value, remedy);
    }

    static Finding fail(final String check, final String value, final String remedy)
    {
        return new Finding(check, Status.FAIL, value, remedy);
    }

    /** How a check ended. */
    enum Status
    {
        /** Fine, or only good to know. */
        OK,
        /** Works, but slower or less safe than it could. */
        WARN,
        /** Does not work. */
        FAIL
    }
}
