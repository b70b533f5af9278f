package io.sluice.archive;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * Events as the hooks of coding assistants send them: some sessions at a time, each with prompts, each prompt with tool
 * calls, each call an event before and one after. All ids are random; the same seed gives the same traffic.
 */
final class HookTraffic
{
    private static final String[] TOOLS = {"Read", "Edit", "Bash", "Grep", "Glob", "Write", "WebFetch", "Task"};
    private static final int[] TOOL_WEIGHTS = {34, 22, 20, 10, 5, 5, 2, 2};
    private static final String[] COMMANDS = {
        "mvn -q -B test", "git status --short", "git diff --stat", "npm run lint", "ls -la", "cargo build --release",
        "python3 -m pytest -q tests/%s", "grep -rn %s src", "docker compose up -d %s", "make -j%d"};
    private static final String[] WORDS = {
        "journal", "engine", "ring", "handler", "tailer", "archive", "index", "filter", "query", "replay", "metrics",
        "config", "session", "builder", "parser", "writer", "reader", "codec", "buffer", "clock"};
    private static final String[] EXTENSIONS = {"java", "java", "java", "md", "xml", "py", "ts", "json"};
    private static final String[] ERRORS = {
        "command exited with code %d", "file has not been read yet: read it before writing to it",
        "string to replace not found in file", "timed out after %d ms", "permission denied: %s"};

    private final Random random;
    private final IdGenerator ids;
    private final List<Session> sessions = new ArrayList<>();
    private long nowNs = ArchiveFixture.NOW_NS;
    private long journalTimeNs;

    HookTraffic(final long seed)
    {
        random = new Random(seed);
        ids = new IdGenerator(seed);
    }

    /** @return when the last event came into the journal. */
    long journalTimeNs()
    {
        journalTimeNs = Math.max(journalTimeNs, nowNs + 20_000 + (long)Math.exp(9.5 + random.nextGaussian()));
        return journalTimeNs;
    }

    void next(final EventBuilder event)
    {
        nowNs += 1 + (long)Math.exp(15 + 1.5 * random.nextGaussian());
        while (sessions.size() < 6)
        {
            sessions.add(new Session());
        }
        final int index = random.nextInt(sessions.size());
        final Session session = sessions.get(index);
        final UUID id = nextId();
        event.clear().id(id).eventTimeNs(nowNs).source("hook:" + session.agent).sessionId(session.id)
            .metadata("host", session.host).metadata("version", session.version).metadata("user", session.user)
            .category(Category.PLUGIN);
        if (!session.isStarted)
        {
            session.isStarted = true;
            event.type("hook.session.start").priority(Priority.HIGH).correlationId(session.id)
                .payload(utf8("{\"session_id\":\"" + session.id + "\",\"cwd\":\"" + session.root +
                    "\",\"source\":\"startup\",\"model\":\"m-" + session.version + "\"}"));
        }
        else if (session.calls == 0)
        {
            sessions.remove(index);
            event.type("hook.session.stop").priority(Priority.HIGH).correlationId(session.id)
                .payload(utf8("{\"session_id\":\"" + session.id + "\",\"cwd\":\"" + session.root +
                    "\",\"reason\":\"done\",\"duration_ms\":" + (nowNs - session.startNs) / 1_000_000 + "}"));
        }
        else if (session.cause == null)
        {
            before(event, session, id);
        }
        else
        {
            after(event, session);
        }
    }

    private void before(final EventBuilder event, final Session session, final UUID id)
    {
        if (random.nextInt(9) == 0)
        {
            session.prompt = new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63);
        }
        session.tool = tool();
        session.input = input(session);
        session.cause = id;
        session.callNs = nowNs;
        event.type("hook.tool.before").priority(Priority.NORMAL).correlationId(session.prompt.toString())
            .subject(session.tool)
            .payload(utf8(head(session) + "\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"" + session.tool +
                "\",\"tool_input\":{" + session.input + "}}"));
    }

    private void after(final EventBuilder event, final Session session)
    {
        final boolean failed = random.nextInt(12) == 0;
        final long durationMs = (nowNs - session.callNs) / 1_000_000;
        final StringBuilder payload = new StringBuilder(head(session));
        payload.append("\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"").append(session.tool)
            .append("\",\"tool_input\":{").append(session.input).append("},\"tool_response\":{\"success\":")
            .append(!failed).append(",\"duration_ms\":").append(durationMs)
            .append(",\"bytes\":").append((long)Math.exp(7 + 2 * random.nextGaussian()));
        if ("Bash".equals(session.tool))
        {
            payload.append(",\"exit_code\":").append(failed ? 1 + random.nextInt(3) : 0);
        }
        if (failed)
        {
            final String error = ERRORS[random.nextInt(ERRORS.length)];
            payload.append(",\"error\":\"")
                .append(error.contains("%d") ? String.format(Locale.ROOT, error, random.nextInt(60_000)) :
                    String.format(Locale.ROOT, error, session.root))
                .append('"');
        }
        event.type("hook.tool.after").priority(failed ? Priority.HIGH : Priority.NORMAL)
            .correlationId(session.prompt.toString()).causationId(session.cause.toString()).subject(session.tool)
            .payload(utf8(payload.append("}}").toString()));
        session.cause = null;
        session.calls--;
    }

    private static String head(final Session session)
    {
        return "{\"session_id\":\"" + session.id + "\",\"transcript_path\":\"/home/" + session.user +
            "/.assistant/projects/" + session.root.replace('/', '-') + "/" + session.id + ".jsonl\",\"cwd\":\"" +
            session.root + "\",\"permission_mode\":\"default\",";
    }

    private String input(final Session session)
    {
        switch (session.tool)
        {
            case "Bash":
                final String command = COMMANDS[random.nextInt(COMMANDS.length)];
                return "\"command\":\"" + (command.contains("%d") ?
                    String.format(Locale.ROOT, command, 1 + random.nextInt(8)) :
                    String.format(Locale.ROOT, command, word())) + "\",\"timeout\":" + (1 + random.nextInt(6)) * 60_000;
            case "Grep":
                return "\"pattern\":\"" + word() + "[A-Z]" + word() + "\",\"path\":\"" + session.root + "/src\"";
            case "WebFetch":
                return "\"url\":\"https://docs.example.org/" + word() + "/" + word() + ".html\"";
            case "Edit":
                return "\"file_path\":\"" + session.file() + "\",\"old_length\":" + random.nextInt(900) +
                    ",\"new_length\":" + random.nextInt(1200);
            case "Read":
                return "\"file_path\":\"" + session.file() + "\"" +
                    (random.nextInt(3) == 0 ? ",\"offset\":" + random.nextInt(2000) + ",\"limit\":200" : "");
            default:
                return "\"path\":\"" + session.file() + "\"";
        }
    }

    private String tool()
    {
        int at = random.nextInt(100);
        for (int i = 0; i < TOOLS.length; i++)
        {
            at -= TOOL_WEIGHTS[i];
            if (at < 0)
            {
                return TOOLS[i];
            }
        }
        return TOOLS[0];
    }

    private String word()
    {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private UUID nextId()
    {
        ids.next(nowNs);
        return new UUID(ids.high(), ids.low());
    }

    private static byte[] utf8(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One session; works on some files more than on others. */
    private final class Session
    {
        private final String id = nextId().toString();
        private final String user = "dev" + random.nextInt(12);
        private final String host = "ws-" + (100 + random.nextInt(40));
        private final String agent = random.nextInt(4) == 0 ? "reviewer" : "coder";
        private final String version = "2." + random.nextInt(3) + "." + random.nextInt(10);
        private final String root = "/home/" + user + "/work/" + word() + "-" + word();
        private final List<String> files = new ArrayList<>();
        private final long startNs = nowNs;
        private int calls = 20 + random.nextInt(180);
        private boolean isStarted;
        private UUID prompt = new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63);
        private UUID cause;
        private long callNs;
        private String tool;
        private String input;

        private String file()
        {
            if (files.isEmpty() || random.nextInt(6) == 0)
            {
                final String name = word();
                files.add(root + "/src/main/" + word() + "/" + Character.toUpperCase(name.charAt(0)) +
                    name.substring(1) + word() + "." + EXTENSIONS[random.nextInt(EXTENSIONS.length)]);
            }
            return files.get(files.size() - 1 - random.nextInt(Math.min(files.size(), 5)));
        }
    }
}
