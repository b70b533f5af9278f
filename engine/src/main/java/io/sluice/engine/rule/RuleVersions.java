package io.sluice.engine.rule;

import java.util.ArrayList;
import java.util.List;

/** All versions of a table that may still be asked for, in order. Immutable, shared between threads. */
final class RuleVersions
{
    private final RuleVersion[] versions;

    RuleVersions(final List<RuleVersion> versions)
    {
        this.versions = versions.toArray(new RuleVersion[0]);
    }

    RuleVersion newest()
    {
        return versions[versions.length - 1];
    }

    List<RuleVersion> all()
    {
        return List.of(versions);
    }

    /** @return place of the version for an event: the oldest one also for those before it. */
    int placeOf(final long sequence)
    {
        int place = versions.length - 1;
        while (place > 0 && versions[place].from() > sequence)
        {
            place--;
        }
        return place;
    }

    RuleVersion version(final int place)
    {
        return versions[place];
    }

    /** @return sequence from which the version at a place no longer holds. */
    long endOf(final int place)
    {
        return place == versions.length - 1 ? Long.MAX_VALUE : versions[place + 1].from();
    }

    /** @return these and one more; without those that hold for no event. */
    List<RuleVersion> with(final RuleVersion version)
    {
        final List<RuleVersion> more = new ArrayList<>();
        for (int place = 0; place < versions.length; place++)
        {
            if (place == versions.length - 1 || versions[place].from() < endOf(place))
            {
                more.add(versions[place]);
            }
        }
        more.add(version);
        return more;
    }

    int size()
    {
        return versions.length;
    }

    /** @return those that hold for an event of that sequence or a later one. */
    List<RuleVersion> since(final long sequence)
    {
        return all().subList(placeOf(sequence), versions.length);
    }
}
