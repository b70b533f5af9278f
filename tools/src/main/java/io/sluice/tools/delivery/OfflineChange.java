package io.sluice.tools.delivery;

import io.sluice.engine.OfflineDelivery;
import io.sluice.tools.text.JsonLine;

/** What a command changes in the files of a data directory in which no engine runs. */
@FunctionalInterface
public interface OfflineChange
{
    /**
     * @param files   with the lock.
     * @param outcome gets what there is to say to programs.
     * @return false if what is to be changed is not there.
     */
    boolean apply(OfflineDelivery files, JsonLine outcome);
}
