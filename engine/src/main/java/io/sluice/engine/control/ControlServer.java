package io.sluice.engine.control;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;

/**
 * The engine's side of the control channel: takes commands, has them carried out, sends the answers, and writes all of
 * that down. A duty cycle is bounded, never blocks and never throws; one that finds nothing to do reads some words of
 * mapped memory, writes one and allocates nothing, but once a second it looks whether the file is still its own.
 *
 * <p>Where the file was cut, removed or written to by somebody else, it is made anew, at most once a second; who has
 * asked by then is told so by the old file, or waits in vain. {@link #commands()} may be used by any thread, everything
 * else by one at a time.
 */
public final class ControlServer implements Agent
{
    private static final int MESSAGES_PER_CYCLE = 16;
    private static final long LOOK_INTERVAL_NS = 1_000_000_000L;
    private static final long MAX_TIMEOUT_NS = TimeUnit.DAYS.toNanos(1);
    private static final int MAX_CHUNKS = 1 << 20;
    private static final int MAX_AUDITED_LENGTH = 4096;
    private static final long MAX_AUDIT_LENGTH = 4 << 20;

    private final Path file;
    private final long runId;
    private final long startedNs;
    private final EpochNanoClock clock;
    private final ErrorHandler errors;
    private final ControlTrouble trouble;
    private final ControlCommands commands = new ControlCommands();
    private final ReplyTable replies = new ReplyTable(this::onEnd);
    private final CommandRing.MessageHandler onMessage = this::onMessage;
    private final AuditLog audit;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong replaced = new AtomicLong();
    private ControlChannel channel;
    private CommandRing ring;
    private ReplyBuffer buffer;
    private long nowNs;
    private long nextLookNs;
    private long nextReplaceNs = Long.MIN_VALUE;
    private boolean isAuditFailing;
    private boolean closed;

    /**
     * Open the channel. There must be no other process that has the right to append to the data directory.
     *
     * @param directory of the data.
     * @param runId     of the engine.
     * @param clock     nanoseconds since 1970 UTC.
     * @param state     of the engine, in a word; any thread.
     * @param errors    told of what is wrong with the channel, at most once a second, and of handlers that fail.
     * @throws EventStorageException if the file can't be made.
     */
    public ControlServer(
        final DataDirectory directory,
        final long runId,
        final EpochNanoClock clock,
        final Supplier<String> state,
        final ErrorHandler errors)
    {
        this.runId = runId;
        this.clock = clock;
        this.errors = errors;
        trouble = new ControlTrouble(errors);
        file = ControlLayout.file(directory.telemetry());
        nowNs = clock.nanoTime();
        startedNs = nowNs;
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        AuditLog log = null;
        try
        {
            Files.createDirectories(directory.telemetry());
            log = new AuditLog(directory.control(), MAX_AUDIT_LENGTH);
            open();
        }
        catch (final IOException ex)
        {
            if (log != null)
            {
                log.close();
            }
            throw new EventStorageException(
                "control channel " + file + " can't be made: " + ex + "; check space and permissions", ex);
        }
        audit = log;
        StandardCommands.addTo(commands, runId, () -> clock.nanoTime() - startedNs, state);
    }

    /** @return what the engine can be asked for; any thread may add to it. */
    public ControlCommands commands()
    {
        return commands;
    }

    /** @return commands that came, sound or refused; any thread. */
    public long received()
    {
        return received.get();
    }

    /** @return messages that were none and were ignored; any thread. */
    public long malformed()
    {
        return malformed.get();
    }

    /** @return how often the file had to be made anew; any thread. */
    public long replaced()
    {
        return replaced.get();
    }

    /** @return how often a client did not finish what it had begun to write, since the file was made. */
    long unblocked()
    {
        return ring == null ? 0 : ring.unblocked();
    }

    @Override
    public int doWork()
    {
        if (closed)
        {
            return 0;
        }
        nowNs = clock.nanoTime();
        try
        {
            return channel == null ? reopen() : poll();
        }
        catch (final ChannelDamagedException ex)
        {
            replace(ex.getMessage());
        }
        catch (final InternalError ex)
        {
            // What the JVM makes of a fault in a mapping.
            replace("it can't be read: " + ex.getMessage());
        }
        return 1;
    }

    @Override
    public String roleName()
    {
        return "sluice-control";
    }

    /** Answer what is open with a refusal, say in the file that the engine was closed, and let go of it. Idempotent. */
    @Override
    public void onClose()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        nowNs = clock.nanoTime();
        replies.refuseAll(
            ControlRefusedException.CLOSED, "the engine was closed before the command was completed", nowNs);
        if (channel != null)
        {
            sendLast();
            channel.end(ControlLayout.CLOSED, nowNs);
        }
        replies.clear();
        audit.close();
    }

    private int poll() throws ChannelDamagedException
    {
        channel.check();
        buffer.check();
        channel.activity(nowNs);
        int work = ring.poll(onMessage, MESSAGES_PER_CYCLE, nowNs);
        work += replies.transmit(buffer, nowNs);
        if (nowNs >= nextLookNs)
        {
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
            replies.expire(nowNs);
            trouble.report(nowNs);
            if (!channel.isInPlace())
            {
                throw new ChannelDamagedException("it was removed, or another one put in its place");
            }
        }
        return work;
    }

    private void sendLast()
    {
        try
        {
            channel.check();
            buffer.check();
            int sent = replies.transmit(buffer, nowNs);
            while (sent > 0)
            {
                sent = replies.transmit(buffer, nowNs);
            }
        }
        catch (final ChannelDamagedException | InternalError ex)
        {
            trouble.onTrouble("its file is of no use: " + ex.getMessage(), nowNs);
        }
    }

    private void open() throws IOException
    {
        channel = ControlChannel.create(file, runId, startedNs, nowNs);
        ring = new CommandRing(channel);
        buffer = new ReplyBuffer(channel);
        nextReplaceNs = nowNs + LOOK_INTERVAL_NS;
    }

    private void replace(final String reason)
    {
        replaced.incrementAndGet();
        trouble.onTrouble(
            "its file " + file + " is made anew: " + reason + "; look for who else writes there", nowNs);
        channel.end(ControlLayout.REPLACED, nowNs);
        channel = null;
        ring = null;
        buffer = null;
        replies.clear();
        reopen();
    }

    private int reopen()
    {
        if (nowNs < nextReplaceNs)
        {
            trouble.report(nowNs);
            return 0;
        }
        try
        {
            open();
        }
        catch (final IOException ex)
        {
            nextReplaceNs = nowNs + LOOK_INTERVAL_NS;
            trouble.onTrouble("its file " + file + " can't be made: " + ex + "; check space and permissions", nowNs);
        }
        return 1;
    }

    private void onMessage(final int typeId, final byte[] bytes)
    {
        try
        {
            final CommandMessage message = CommandMessage.read(typeId, bytes);
            if (message.isCommand())
            {
                onCommand(message);
            }
            else
            {
                onChunks(message);
            }
        }
        catch (final MalformedMessageException ex)
        {
            malformed.incrementAndGet();
            trouble.onTrouble(ex.getMessage() + "; it is ignored: look for a client that is broken", nowNs);
        }
    }

    private void onChunks(final CommandMessage message) throws MalformedMessageException
    {
        final int from = message.from();
        if (from < 0 || from > MAX_CHUNKS)
        {
            throw new MalformedMessageException("a client asks for an impossible part of its answer");
        }
        PendingReply reply = replies.find(message.key());
        if (reply == null)
        {
            reply = new PendingReply(replies, message.key(), null, from, nowNs, nowNs);
            if (replies.add(reply))
            {
                reply.refuse(
                    ControlRefusedException.FORGOTTEN,
                    "the answer is kept no longer, what the command did is done: look at its effect");
            }
        }
        else
        {
            reply.window(from, message.isAgain(), nowNs);
            replies.send(reply);
        }
    }

    private void onCommand(final CommandMessage message) throws MalformedMessageException
    {
        final ReplyKey key = message.key();
        if (replies.find(key) != null)
        {
            throw new MalformedMessageException("a command came twice");
        }
        final String name = message.name();
        final String user = message.user();
        final long pid = message.pid();
        final String json = message.arguments();
        received.incrementAndGet();
        ControlObject arguments = ControlObject.parse("");
        String refusal = null;
        try
        {
            arguments = ControlObject.parse(json);
        }
        catch (final IllegalArgumentException ex)
        {
            refusal = "the arguments of '" + name + "' can't be read: " + ex.getMessage();
        }
        final ControlCommand command =
            new ControlCommand(name, arguments, key.correlation(), pid, ProcessIdentity.uidOf(pid), user);
        final long timeoutNs = Math.max(0, Math.min(message.timeoutNs(), MAX_TIMEOUT_NS));
        final boolean isFull = replies.isFull();
        final PendingReply reply = new PendingReply(replies, key, command, 0, nowNs, nowNs + timeoutNs);
        if (!replies.add(reply))
        {
            throw new MalformedMessageException("there is no room for one more command");
        }
        if (refusal != null)
        {
            reply.refuse(ControlRefusedException.BAD_ARGUMENTS, refusal);
        }
        else if (isFull)
        {
            reply.refuse(
                ControlRefusedException.BUSY,
                ReplyTable.MAX_UNANSWERED + " commands wait for their answers already: ask again in a while");
        }
        else
        {
            carryOut(command, reply);
        }
    }

    private void carryOut(final ControlCommand command, final PendingReply reply)
    {
        final ControlHandler handler = commands.find(command.name());
        if (handler == null)
        {
            reply.refuse(
                ControlRefusedException.UNKNOWN_COMMAND,
                "command '" + command.name() + "' is not known to this engine: 'commands' lists those that are");
            return;
        }
        try
        {
            handler.onCommand(command, reply);
        }
        catch (final ControlRefusedException ex)
        {
            reply.refuse(ex.code(), ex.getMessage());
        }
        catch (final IllegalArgumentException | EventValidationException | EventFilterException ex)
        {
            reply.refuse(ControlRefusedException.BAD_ARGUMENTS, ex.getMessage());
        }
        catch (final RuntimeException | Error ex)
        {
            reply.refuse(ControlRefusedException.FAILED, "command '" + command.name() + "' failed: " + ex);
            errors.onError(ex);
        }
        if (!reply.isEnded())
        {
            audit(command, "started", null, "");
        }
    }

    private void onEnd(final PendingReply reply)
    {
        if (reply.command() != null)
        {
            final String code = reply.code();
            audit(reply.command(), code == null ? "done" : "refused", code, reply.message());
        }
    }

    private void audit(
        final ControlCommand command, final String outcome, final String code, final String message)
    {
        final ControlJson line = new ControlJson()
            .add("time", Instant.ofEpochSecond(0, nowNs).toString())
            .add("runId", runId)
            .add("pid", command.clientPid())
            .add("uid", command.clientUid())
            .add("user", command.user())
            .add("correlationId", command.correlationId())
            .add("command", command.name());
        final String arguments = command.arguments().toString();
        if (arguments.length() <= MAX_AUDITED_LENGTH)
        {
            // Its members, for what a client wrote between them may be the end of a line.
            line.add("arguments", command.arguments().copy());
        }
        else
        {
            line.add("argumentsLength", arguments.length());
        }
        line.add("outcome", outcome);
        if (code != null)
        {
            line.add("code", code).add("message", message);
        }
        try
        {
            audit.append(line.toString());
            isAuditFailing = false;
        }
        catch (final IOException ex)
        {
            if (!isAuditFailing)
            {
                isAuditFailing = true;
                errors.onError(new EventStorageException(
                    "commands are not written down for now: " + ex + "; check space below " + file.getParent(), ex));
            }
        }
    }
}
