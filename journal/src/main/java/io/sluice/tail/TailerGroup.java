package io.sluice.tail;

import io.sluice.event.EventStorageException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Many readers of one journal that share their reading, in the process that writes it or in another one. Members join
 * and leave at any time, each with a filter, a start and a handler of its own. A record is read from the file, verified
 * and its JSON parsed once for all members that stand before it.
 *
 * <pre>{@code
 * try (TailerGroup group = TailerGroup.launch(new TailerGroupContext().directory(directory)))
 * {
 *     TailerMember orders = group.join(TailerMemberSpec.of("orders", event -> total++)
 *         .filter(EventFilter.of("type LIKE 'order.*'"))
 *         .from(StartPosition.start()));
 * }
 * }</pre>
 *
 * <p>Each member gets exactly the events that its filter picks, each once, in sequence, from its start on. One that
 * starts in the past, or whose handler refuses an event, is read for apart until it has caught up, in turns with the
 * others, so that it holds up nobody by more than a slice. All handlers run on the one thread of the group: one that
 * blocks holds up all members, and is better given a queue of its own and refuses while that is full. One that throws
 * ends its own membership only. Damage or a gap in the journal ends the memberships that stand before it; they may join
 * again when it is repaired.
 *
 * <p>{@link #join}, the members and the counts are for any thread. A record that all take allocates nothing here.
 */
public final class TailerGroup implements AutoCloseable
{
    private final TailerGroupContext context;
    private final TailerAgent agent;
    private final TailThread thread;
    private final Map<String, TailerMember> members = new HashMap<>();
    private final Map<Path, TailerMember> positionFiles = new HashMap<>();
    private boolean isInvoked;
    private volatile boolean isClosed;

    private TailerGroup(final TailerGroupContext context)
    {
        this.context = context;
        agent = new TailerAgent(context, this::onEnded, this::onClosing);
        thread = context.thread() ? new TailThread(agent, context) : null;
    }

    /**
     * Start a group without members. Reads in a journal's directory, so it may block for some milliseconds.
     *
     * @param context of it; concluded here.
     * @return the group.
     * @throws IllegalArgumentException                 if a setting is out of range.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal (unless it may wait for one) or the
     *                                                  directory can't be read.
     */
    public static TailerGroup launch(final TailerGroupContext context)
    {
        final TailerGroup group = new TailerGroup(context.conclude());
        if (group.thread != null)
        {
            group.thread.start();
        }
        return group;
    }

    /**
     * Have a reader join, from any thread, also from a handler. Does not wait: the start is looked up by the group, and
     * the listener of the member is told then, or that it could not start.
     *
     * @param spec of the member.
     * @return the member.
     * @throws IllegalArgumentException if its name or its position file is in use in this group.
     * @throws IllegalStateException    if there are as many members as there may be.
     * @throws EventStorageException    if the group is closed.
     */
    public TailerMember join(final TailerMemberSpec spec)
    {
        final Path file = spec.positionFile() == null ? null : spec.positionFile().toAbsolutePath().normalize();
        synchronized (members)
        {
            if (isClosed)
            {
                throw new EventStorageException("the tailer group of " + context.directory() + " is closed");
            }
            if (members.containsKey(spec.name()))
            {
                throw new IllegalArgumentException(
                    "name=" + spec.name() + " has a member that is in the group; take another name, or wait for its " +
                    "end after leave()");
            }
            if (positionFiles.containsKey(file))
            {
                throw new IllegalArgumentException(
                    "positionFile=" + file + " is kept by member " + positionFiles.get(file).name() +
                    "; give each member its own");
            }
            if (members.size() >= context.maxMembers())
            {
                throw new IllegalStateException(
                    "maxMembers=" + context.maxMembers() + " are in the group; raise it, or let some leave");
            }
            final TailerMember member = new TailerMember(spec, agent::leave);
            members.put(spec.name(), member);
            if (file != null)
            {
                positionFiles.put(file, member);
            }
            agent.join(member);
            return member;
        }
    }

    /**
     * One duty cycle, on the thread of the host: a turn for the foremost members and one for others. For a group
     * without a thread; one thread at a time, not from a handler.
     *
     * @return work done; 0 if there was nothing to read.
     * @throws IllegalStateException if the group has a thread of its own, or a handler calls.
     */
    public int invoke()
    {
        if (thread != null)
        {
            throw new IllegalStateException("thread=true: the group has a thread of its own");
        }
        if (isInvoked)
        {
            throw new IllegalStateException("a handler may not invoke the group that calls it");
        }
        if (isClosed)
        {
            return 0;
        }
        isInvoked = true;
        try
        {
            return agent.doWork();
        }
        finally
        {
            isInvoked = false;
        }
    }

    /** @return members that have not ended. */
    public int size()
    {
        synchronized (members)
        {
            return members.size();
        }
    }

    /** @return readings that are under way: 1 when all members have caught up, 0 if there are none. */
    public int readings()
    {
        return agent.readingCount();
    }

    /** @return records read since the launch, each counted once however many members stood before it. */
    public long recordsRead()
    {
        return agent.recordsRead();
    }

    /**
     * End all memberships, with their positions saved, and the thread, which is waited for as long as the context says.
     * A handler that calls this has it done when it returns. Idempotent.
     *
     * @throws IllegalStateException if a handler calls that the host's thread invoked.
     */
    @Override
    public void close()
    {
        if (isInvoked)
        {
            throw new IllegalStateException("a handler may not close the group that its host invokes");
        }
        synchronized (members)
        {
            if (isClosed)
            {
                return;
            }
            isClosed = true;
        }
        if (thread == null)
        {
            agent.close(null);
            return;
        }
        thread.requestStop();
        if (!thread.isCurrent())
        {
            thread.join(context.closeTimeoutNs());
        }
    }

    private void onClosing()
    {
        synchronized (members)
        {
            isClosed = true;
        }
    }

    private void onEnded(final TailerMember member)
    {
        synchronized (members)
        {
            members.remove(member.name(), member);
            positionFiles.values().remove(member);
        }
    }
}
