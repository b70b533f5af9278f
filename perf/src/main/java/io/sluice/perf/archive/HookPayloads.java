package io.sluice.perf.archive;

import java.util.SplittableRandom;

/**
 * The JSON of hooks. A payload has some 250 bytes that say which session, tool and directory, and what the tool got
 * and gave: half of them short, some with kilobytes of text. Confined to one thread.
 */
final class HookPayloads
{
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String[] TOOLS = {
        "Read", "Read", "Read", "Read", "Read", "Read", "Bash", "Bash", "Bash", "Bash", "Bash", "Edit", "Edit", "Edit",
        "Edit", "Grep", "Grep", "Write", "Glob", "WebFetch"};
    private static final String[] COMMANDS = {
        "mvn -q -B test -Dtest=%s", "git diff --stat %s", "ls -la src/%s", "cargo test %s -- --nocapture",
        "npm run build -- --filter %s", "grep -rn \\\"%s\\\" src | head -20", "python3 scripts/%s.py",
        "git log --oneline -5", "git status --short"};
    private static final int PROJECTS = 8;
    private static final int FILES = 60;
    private static final int MIN_FILE_LINES = 40;
    private static final int FILE_LINES_SPREAD = 260;
    private static final int MAX_READ = 2000;
    private static final int TOOL_USE_LENGTH = 22;

    private final SplittableRandom random;
    private final GeneratedText text;
    private final String[] projects = new String[PROJECTS];
    private final String[][] paths = new String[PROJECTS][FILES];
    private final String[][] contents = new String[PROJECTS][FILES];

    /**
     * @param random to draw with.
     */
    HookPayloads(final SplittableRandom random)
    {
        this.random = random;
        text = new GeneratedText(random.split());
        for (int i = 0; i < PROJECTS; i++)
        {
            projects[i] = text.word() + "-" + text.word();
            for (int j = 0; j < FILES; j++)
            {
                paths[i][j] = "src/main/" + text.word() + "/" + text.word() + "/" + text.word() + ".java";
                contents[i][j] = text.lines(MIN_FILE_LINES + random.nextInt(FILE_LINES_SPREAD));
            }
        }
    }

    HookSession newSession(final String id, final int uses)
    {
        return new HookSession(
            id,
            "worker-0" + (1 + random.nextInt(4)),
            "dev" + (1 + random.nextInt(5)),
            projects[random.nextInt(PROJECTS)],
            uses);
    }

    String start(final HookSession session)
    {
        return head(session, "SessionStart") + ",\"source\":\"startup\",\"model\":\"agent-4\"}";
    }

    String stop(final HookSession session)
    {
        return head(session, "SessionEnd") + ",\"reason\":\"exit\",\"stop_hook_active\":false}";
    }

    String config(final HookSession session)
    {
        return head(session, "ConfigChange") + ",\"key\":\"" + text.word() + "." + text.word() + "\",\"value\":\"" +
            text.word() + "\"}";
    }

    /** Let the session begin to use a tool. */
    void beginUse(final HookSession session)
    {
        final StringBuilder id = new StringBuilder("toolu_01");
        for (int i = 0; i < TOOL_USE_LENGTH; i++)
        {
            id.append(BASE62.charAt(random.nextInt(BASE62.length())));
        }
        final String tool = TOOLS[random.nextInt(TOOLS.length)];
        final int project = indexOf(session.project());
        // Some files are worked on all the time, most hardly ever.
        final int file = (int)(FILES * Math.pow(random.nextDouble(), 2));
        final String path = root(session) + "/" + paths[project][file];
        session.beginUse(id.toString(), tool, input(tool, path), path);
    }

    String before(final HookSession session)
    {
        return use(session, "PreToolUse") + "}";
    }

    String after(final HookSession session)
    {
        return use(session, "PostToolUse") + ",\"tool_response\":" + response(session) +
            ",\"duration_ms\":" + (3 + (int)(-Math.log(1 - random.nextDouble()) * 900)) + "}";
    }

    private String input(final String tool, final String path)
    {
        switch (tool)
        {
            case "Bash":
                return "{\"command\":\"" +
                    String.format(COMMANDS[random.nextInt(COMMANDS.length)], text.word()) +
                    "\",\"description\":\"" + text.sentence(3, 8) + "\"}";
            case "Edit":
                return "{\"file_path\":\"" + path + "\",\"old_string\":\"" + code(1 + random.nextInt(6)) +
                    "\",\"new_string\":\"" + code(1 + random.nextInt(8)) + "\",\"replace_all\":false}";
            case "Grep":
                return "{\"pattern\":\"" + text.word() + "\",\"path\":\"" + path +
                    "\",\"output_mode\":\"content\",\"-n\":true}";
            case "Write":
                return "{\"file_path\":\"" + path + "\",\"content\":\"" + code(5 + random.nextInt(40)) + "\"}";
            case "Glob":
                return "{\"pattern\":\"**/" + text.word() + "*.java\"}";
            case "WebFetch":
                return "{\"url\":\"https://docs.example.org/" + text.word() + "/" + text.word() + "\",\"prompt\":\"" +
                    text.sentence(6, 18) + "\"}";
            default:
                return "{\"file_path\":\"" + path + "\",\"offset\":" + (1 + random.nextInt(200)) + ",\"limit\":" +
                    (20 + random.nextInt(80)) + "}";
        }
    }

    private String response(final HookSession session)
    {
        switch (session.tool())
        {
            case "Bash":
                return "{\"stdout\":\"" + code(random.nextInt(14)) +
                    "\",\"stderr\":\"\",\"interrupted\":false,\"isImage\":false}";
            case "Edit":
            case "Write":
                return "{\"filePath\":\"" + session.file() + "\",\"success\":true,\"userModified\":false}";
            case "Grep":
                return "{\"mode\":\"content\",\"numFiles\":1,\"content\":\"" + code(random.nextInt(8)) +
                    "\",\"numLines\":" + random.nextInt(8) + "}";
            case "Glob":
                return "{\"filenames\":[\"" + session.file() + "\"],\"durationMs\":" + random.nextInt(90) +
                    ",\"numFiles\":1,\"truncated\":false}";
            case "WebFetch":
                return "{\"bytes\":" + random.nextInt(200_000) + ",\"code\":200,\"codeText\":\"OK\",\"result\":\"" +
                    text.sentence(20, 120) + "\"}";
            default:
                return "{\"type\":\"text\",\"file\":{\"filePath\":\"" + session.file() + "\",\"content\":\"" +
                    read(session) + "\"}}";
        }
    }

    // What stands in a file stays the same; where reading begins does not.
    private String read(final HookSession session)
    {
        final int project = indexOf(session.project());
        final String name = session.file().substring(root(session).length() + 1);
        for (int i = 0; i < FILES; i++)
        {
            if (paths[project][i].equals(name))
            {
                final String content = contents[project][i];
                final int from = content.indexOf('\n', random.nextInt(content.length() / 2)) + 1;
                return escape(content.substring(from, Math.min(content.length(), from + random.nextInt(MAX_READ))));
            }
        }
        throw new IllegalStateException("no file " + name);
    }

    private static String head(final HookSession session, final String event)
    {
        return "{\"session_id\":\"" + session.id() + "\",\"transcript_path\":\"/home/" + session.user() +
            "/.agent/projects/" + session.project() + "/" + session.id() + ".jsonl\",\"cwd\":\"" + root(session) +
            "\",\"permission_mode\":\"default\",\"hook_event_name\":\"" + event + "\"";
    }

    private static String use(final HookSession session, final String event)
    {
        return head(session, event) + ",\"tool_name\":\"" + session.tool() + "\",\"tool_use_id\":\"" +
            session.toolUse() + "\",\"tool_input\":" + session.input();
    }

    private static String root(final HookSession session)
    {
        return "/home/" + session.user() + "/src/" + session.project();
    }

    private String code(final int lines)
    {
        return escape(text.lines(lines));
    }

    private static String escape(final String plain)
    {
        return plain.replace("\n", "\\n");
    }

    private int indexOf(final String project)
    {
        for (int i = 0; i < PROJECTS; i++)
        {
            if (projects[i].equals(project))
            {
                return i;
            }
        }
        throw new IllegalStateException("no project " + project);
    }
}
