package io.sluice.engine.control;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an engine can be asked to do, by name. Thread-safe; commands may be added while the channel is polled. A look-up
 * is one volatile read.
 */
public final class ControlCommands
{
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

    private volatile SortedMap<String, Entry> entries = Collections.emptySortedMap();

    /**
     * A command.
     *
     * @param name    of it.
     * @param help    one line.
     * @param handler carries it out.
     */
    record Entry(String name, String help, ControlHandler handler)
    {
    }

    /** No commands yet. */
    public ControlCommands()
    {
    }

    /**
     * Add a command.
     *
     * @param name    small letters and digits, with dots or hyphens between words; at most 64 characters.
     * @param help    one line for people: what it does, and its arguments.
     * @param handler carries it out.
     * @return this.
     * @throws IllegalArgumentException if the name is none, or taken.
     */
    public synchronized ControlCommands add(final String name, final String help, final ControlHandler handler)
    {
        if (name.length() > CommandMessage.MAX_NAME_LENGTH || !NAME.matcher(name).matches())
        {
            throw new IllegalArgumentException(
                "command '" + name + "': use small letters and digits, with dots or hyphens between words, at most " +
                CommandMessage.MAX_NAME_LENGTH + " characters");
        }
        final SortedMap<String, Entry> next = new TreeMap<>(entries);
        if (next.putIfAbsent(name, new Entry(name, help, handler)) != null)
        {
            throw new IllegalArgumentException("command '" + name + "' is there already: choose another name");
        }
        entries = Collections.unmodifiableSortedMap(next);
        return this;
    }

    /** @return the handler of a command, or null. */
    ControlHandler find(final String name)
    {
        final Entry entry = entries.get(name);
        return entry == null ? null : entry.handler();
    }

    /** @return all commands, by name. */
    Collection<Entry> all()
    {
        return entries.values();
    }
}
