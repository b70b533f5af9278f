package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout made of empty files, with a Java and a Maven that only say how they were called. */
class LauncherTest
{
    private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);
    private static final FileTime BUILT = FileTime.fromMillis(1_000_000_100_000L);
    private static final FileTime NEW = FileTime.fromMillis(1_000_000_200_000L);

    @TempDir
    Path temp;

    private Path home;
    private Path bin;
    private Path jdk;

    @BeforeEach
    void makeCheckout() throws IOException
    {
        home = Files.createDirectories(temp.resolve("with a blank/checkout"));
        bin = Files.createDirectory(temp.resolve("bin"));
        jdk = temp.resolve("jdk");
        Files.copy(Checkout.path("sluice"), home.resolve("sluice"));
        Files.createFile(home.resolve("pom.xml"));
        for (final String module : List.of("journal", "engine", "handlers", "tools", "perf"))
        {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        for (final String module : List.of("tools", "perf"))
        {
            Files.createDirectory(home.resolve(module).resolve("target"));
            Files.setLastModifiedTime(Files.createFile(jar(module)), BUILT);
        }
        try (var files = Files.walk(home))
        {
            for (final Path file : files.filter(file -> !file.toString().endsWith(".jar")).toList())
            {
                Files.setLastModifiedTime(file, OLD);
            }
        }
        Files.setLastModifiedTime(Files.createFile(archive("17.0.15")), NEW);
        useJdk("17.0.15");
        script(jdk.resolve("bin/javac"), "exit 1");
    }

    @Test
    void shouldRunTheToolsWhenBuilt() throws Exception
    {
        final Result result = launch(home.resolve("sluice"), "stat", "a b", "*");

        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().endsWith("[-jar][" + jar("tools") + "][stat][a b][*]\n"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void shouldRunTheHarnessWhenAskedForPerf() throws Exception
    {
        final Result result = launch(home.resolve("sluice"), "perf", "alloc");

        assertTrue(result.out().endsWith("[-jar][" + jar("perf") + "][alloc]\n"), result.out());
    }

    @Test
    void shouldFindTheCheckoutWhenCalledThroughLinks() throws Exception
    {
        Files.createSymbolicLink(bin.resolve("first"), Path.of("../with a blank/checkout/sluice"));
        final Path link = Files.createSymbolicLink(bin.resolve("second"), bin.resolve("first"));

        assertTrue(launch(link, "stat").out().endsWith("[" + jar("tools") + "][stat]\n"));
    }

    @Test
    void shouldQuietenNewerJavaWhenItWouldWarn() throws Exception
    {
        useJdk("17.0.15");
        assertFalse(launch(home.resolve("sluice")).out().contains("sun-misc-unsafe"));
        useJdk("24");
        assertTrue(launch(home.resolve("sluice")).out().contains("[--sun-misc-unsafe-memory-access=allow]"));
        useJdk("25.0.3");
        assertTrue(launch(home.resolve("sluice")).out().contains("[--enable-native-access=ALL-UNNAMED]"));
    }

    @Test
    void shouldRefuseJavaWhenTooOld() throws Exception
    {
        useJdk("11.0.2");
        final Result result = launch(home.resolve("sluice"));

        assertEquals(2, result.code());
        assertTrue(result.err().contains("Java 17 or newer is needed"), result.err());
        assertTrue(result.err().contains("is version 11.0.2"), result.err());
    }

    @Test
    void shouldAskJavaWhenThereIsNoReleaseFile() throws Exception
    {
        Files.delete(jdk.resolve("release"));
        script(jdk.resolve("bin/java"), "echo 'java version \"1.8.0_302\"' >&2");
        final Result result = launch(home.resolve("sluice"));

        assertEquals(2, result.code());
        assertTrue(result.err().contains("1.8.0_302"), result.err());
    }

    @Test
    void shouldNameTheDirectoryWhenJavaHomeIsWrong() throws Exception
    {
        Files.delete(jdk.resolve("bin/java"));
        final Result result = launch(home.resolve("sluice"));

        assertEquals(2, result.code());
        assertTrue(result.err().contains("JAVA_HOME is " + jdk), result.err());
    }

    @Test
    void shouldBuildOnceWhenTheJarIsMissing() throws Exception
    {
        Files.delete(jar("tools"));
        script(
            bin.resolve("mvn"),
            "echo \"$@\" >> '" + temp + "/calls'; echo chatter; : > tools/target/sluice-tools.jar");
        final Result first = launch(home.resolve("sluice"), "stat");
        final Result second = launch(home.resolve("sluice"), "stat");

        assertEquals(0, first.code(), first.err());
        assertTrue(first.err().contains("building Sluice, once"), first.err());
        assertFalse(first.out().contains("chatter"), first.out());
        assertEquals("", second.err());
        assertEquals(1, Files.readAllLines(temp.resolve("calls")).size());
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewer() throws Exception
    {
        final Path source = Files.createFile(home.resolve("engine/src/main/Some.java"));
        Files.setLastModifiedTime(source, NEW);
        script(bin.resolve("mvn"), "echo \"$@\" > '" + temp + "/calls'");
        final Result result = launch(home.resolve("sluice"), "stat");

        assertTrue(result.err().contains("sources have changed"), result.err());
        assertTrue(Files.readString(temp.resolve("calls")).contains("-Dquick"));
        assertEquals("", launch(home.resolve("sluice"), "stat").err());
    }

    @Test
    void shouldLeaveTheToolsAloneWhenOnlyTheHarnessChanged() throws Exception
    {
        Files.setLastModifiedTime(home.resolve("perf/pom.xml"), NEW);

        assertEquals("", launch(home.resolve("sluice"), "stat").err());
    }

    @Test
    void shouldSayWhatFailedWhenTheBuildFails() throws Exception
    {
        Files.delete(jar("tools"));
        script(bin.resolve("mvn"), "echo '[ERROR] Some.java:[3,1] no'; exit 1");
        final Result result = launch(home.resolve("sluice"), "stat");

        assertEquals(2, result.code());
        assertEquals("", result.out());
        assertTrue(result.err().contains("Some.java:[3,1] no"), result.err());
        assertTrue(result.err().contains("build.log"), result.err());
    }

    @Test
    void shouldMakeAnArchiveOfClassesOnceWhenAJavaIsNew() throws Exception
    {
        useJdk("21.0.2");
        script(jdk.resolve("bin/java"),
            "echo \"$*\" >> '" + temp + "/calls'; for argument; do printf '[%s]' \"$argument\"; " +
                "case $argument in -XX:ArchiveClassesAtExit=*) echo x >\"${argument#*=}\";; esac; done; echo");
        final Result first = launch(home.resolve("sluice"), "stat");
        final Result second = launch(home.resolve("sluice"), "stat");

        assertEquals(0, first.code(), first.err());
        assertTrue(first.err().contains("preparing quick starts with Java 21.0.2, once"), first.err());
        assertEquals("", second.err());
        assertEquals(first.out(), second.out());
        assertTrue(
            second.out().startsWith("[-XX:SharedArchiveFile=" + archive("21.0.2") + "][-Xlog:cds*=off]"), second.out());
        assertTrue(second.out().endsWith("[-jar][" + jar("tools") + "][stat]\n"), second.out());
        final List<String> calls = Files.readAllLines(temp.resolve("calls"));
        assertEquals(3, calls.size());
        assertTrue(calls.get(0).contains("run load:1000 --for 1s --dir "), calls.get(0));
        try (var left = Files.list(archive("21.0.2").getParent()))
        {
            assertEquals(
                List.of(), left.filter(file -> file.getFileName().toString().startsWith("archive.")).toList());
        }
    }

    @Test
    void shouldMakeTheArchiveAgainWhenTheToolsWereBuilt() throws Exception
    {
        Files.setLastModifiedTime(jar("tools"), FileTime.from(NEW.toInstant().plusSeconds(1)));
        assertTrue(launch(home.resolve("sluice"), "stat").err().contains("preparing quick starts"));
    }

    @Test
    void shouldRunWithoutAnArchiveWhenJavaCantMakeOne() throws Exception
    {
        useJdk("17.0.1");
        final Result first = launch(home.resolve("sluice"), "stat");
        final Result second = launch(home.resolve("sluice"), "stat");

        assertEquals(0, first.code(), first.err());
        assertEquals(0, Files.size(archive("17.0.1")));
        assertFalse(second.out().contains("SharedArchiveFile"), second.out());
        assertEquals("", second.err());
    }

    @Test
    void shouldMakeNoArchiveForTheHarness() throws Exception
    {
        useJdk("21.0.2");
        assertEquals("", launch(home.resolve("sluice"), "perf", "alloc").err());
    }

    private void useJdk(final String version) throws IOException
    {
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(jdk.resolve("bin/java"), "for argument; do printf '[%s]' \"$argument\"; done; echo");
    }

    private Path jar(final String module)
    {
        return home.resolve(module).resolve("target/sluice-" + module + ".jar");
    }

    private Path archive(final String version)
    {
        return home.resolve("tools/target/sluice-tools-" + version + ".jsa");
    }

    private static void script(final Path file, final String body) throws IOException
    {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Result launch(final Path launcher, final String... arguments) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(arguments));
        final Path out = temp.resolve("out");
        final Path err = temp.resolve("err");
        final ProcessBuilder builder = new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", bin + ":/usr/bin:/bin");
        builder.environment().remove("SLUICE_OPTS");
        final int code = builder.start().waitFor();
        return new Result(code, Files.readString(out), Files.readString(err));
    }

    private record Result(int code, String out, String err)
    {
    }
}
