package io.sluice.engine;

import io.sluice.engine.rule.RoutingRule;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Main class of child processes: a rule that diverts everything comes to hold, and what is to write that down does not
 * get through; events are published, and the live subscription passes them, while the one that they are diverted to is
 * paused. Then it waits to be killed. Arguments: data directory, the command that puts something in the way: a pipe
 * that nobody reads, in which the write waits, or a directory, by which it fails.
 */
public final class ChildRuleChange
{
    /** Published once the rule holds. */
    static final int EVENTS = 20;
    /** Durable and live, wants everything. */
    static final String LIVE = "live";
    /** Durable and tailing, wants nothing of this type. */
    static final String BEHIND = "behind";

    private static final String GATE = "gate";

    private ChildRuleChange()
    {
    }

    /**
     * Run.
     *
     * @param arguments see above.
     * @throws Exception whatever goes wrong.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final PrintStream output =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        final Path directory = Path.of(arguments[0]);
        final Path file = new DataDirectory(directory).control().resolve(EngineRules.FILE);
        final AtomicReference<Engine> running = new AtomicReference<>();
        final Thread host = new Thread(() -> running.get().rules().add(
            RoutingRule.named("divert").divert(BEHIND).build()));
        host.setDaemon(true);
        host.setUncaughtExceptionHandler((thread, error) -> output.println("error " + error.getMessage()));
        final EngineContext context = context(directory).errorHandler(error -> output.println("error " + error))
            .subscribe(live(event -> output.println("live got " + event.sequence())))
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                if (event.sequence() == 1)
                {
                    host.start();
                    // This is the thread that makes the rule hold: after it is written that it will, and not yet.
                    Waiting.until("the change", () -> text(file).contains("\"from\": null"));
                    run(arguments[1], file.resolveSibling(file.getFileName() + ".new").toString());
                }
            }).name(GATE));
        final Engine engine = Engine.launch(context);
        running.set(engine);
        engine.subscribe(behind(event -> output.println("behind got " + event.sequence()))).pause();
        // Served from the rings, by the thread that also gives the sequences.
        for (final String name : List.of(LIVE, GATE))
        {
            Waiting.until(name, () -> engine.subscriptionStats().stream().anyMatch(
                one -> one.name().equals(name) && one.state() == SubscriptionState.RUNNING));
        }
        publish(engine);
        Waiting.until("the rule", () -> engine.rules().newest().number() == 1);
        for (int i = 0; i < EVENTS; i++)
        {
            publish(engine);
        }
        Waiting.until("the live subscription", () -> engine.subscriptionStats().stream().anyMatch(
            one -> one.name().equals(LIVE) && one.position() == 1 + EVENTS));
        output.println("passed");
        while (System.in.read() >= 0)
        {
            Thread.onSpinWait();
        }
        Runtime.getRuntime().halt(1);
    }

    static EngineContext context(final Path directory)
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.SHARED)
            .dedup(new DedupContext().enabled(false))
            .journal(new JournalContext().minFreeSpace(0));
    }

    static SubscriptionSpec live(final Consumer<EventFlyweight> handler)
    {
        return SubscriptionSpec.to("*", handler::accept).durable(LIVE);
    }

    static SubscriptionSpec behind(final Consumer<EventFlyweight> handler)
    {
        return SubscriptionSpec.to("other", handler::accept).mode(DeliveryMode.TAILING).durable(BEHIND);
    }

    static void publish(final Engine engine)
    {
        if (engine.publisher().publish(new EventBuilder().type("a").source("child")) < 0)
        {
            throw new IllegalStateException("refused");
        }
    }

    private static String text(final Path file)
    {
        try
        {
            return Files.exists(file) ? Files.readString(file) : "";
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static void run(final String... command)
    {
        try
        {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0)
            {
                throw new IllegalStateException(List.of(command) + " failed");
            }
        }
        catch (final IOException | InterruptedException ex)
        {
            throw new IllegalStateException(List.of(command) + " failed", ex);
        }
    }
}
