package io.sluice.perf.archive;

/** One session of an agent, as far as it has come. Confined to one thread. */
final class HookSession
{
    private final String id;
    private final String host;
    private final String user;
    private final String project;
    private int usesLeft;
    private String toolUse;
    private String tool;
    private String input;
    private String file;

    HookSession(final String id, final String host, final String user, final String project, final int uses)
    {
        this.id = id;
        this.host = host;
        this.user = user;
        this.project = project;
        usesLeft = uses;
    }

    String id()
    {
        return id;
    }

    String host()
    {
        return host;
    }

    String user()
    {
        return user;
    }

    String project()
    {
        return project;
    }

    /** @return id of the use of a tool that has begun and not ended, or null. */
    String toolUse()
    {
        return toolUse;
    }

    String tool()
    {
        return tool;
    }

    /** @return JSON of what the tool got. */
    String input()
    {
        return input;
    }

    /** @return path of the file that the tool works on. */
    String file()
    {
        return file;
    }

    boolean isOver()
    {
        return usesLeft == 0;
    }

    void beginUse(final String toolUseId, final String toolName, final String toolInput, final String path)
    {
        toolUse = toolUseId;
        tool = toolName;
        input = toolInput;
        file = path;
        usesLeft--;
    }

    void endUse()
    {
        toolUse = null;
    }
}
