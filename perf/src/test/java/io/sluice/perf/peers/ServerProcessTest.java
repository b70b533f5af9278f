package io.sluice.perf.peers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.child.LineChild;
import io.sluice.perf.report.MeasurementException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest
{
    private static final long TIMEOUT_S = 60;

    @TempDir
    private Path directory;

    @Test
    void shouldEndAndLeaveNothingWhenClosed() throws IOException
    {
        final Path data = Files.createDirectories(directory.resolve("data"));
        final ServerProcess server =
            ServerProcess.start(List.of("/bin/sh", "-c", "echo up > file; exec sleep 600"), data);
        final ProcessHandle handle = server.handle();
        assertTrue(handle.isAlive());
        assertDoesNotThrow(server::requireAlive);

        server.close();
        server.close();

        assertFalse(handle.isAlive());
        assertFalse(Files.exists(data));
    }

    @Test
    void shouldShowTheEndOfItsLogWhenItEndsByItself() throws IOException
    {
        final Path data = Files.createDirectories(directory.resolve("data"));
        try (ServerProcess server = ServerProcess.start(List.of("/bin/sh", "-c", "echo no port; exit 3"), data))
        {
            server.handle().onExit().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();

            final MeasurementException failure = assertThrows(MeasurementException.class, server::requireAlive);
            assertEquals("the server ended with 3: no port", failure.getMessage());
        }
    }

    @Test
    void shouldStopTheServerWhenTheHarnessIsToldToEnd()
    {
        final Path data = directory.resolve("data");
        final long pid;
        try (LineChild child = LineChild.start(
            ChildWithServer.class, List.of(), List.of(data.toString()), directory.resolve("errors")))
        {
            pid = Long.parseLong(child.await("server"));
            assertTrue(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
            child.send("end");
            child.awaitEnd();
        }

        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertFalse(Files.exists(data));
    }

    @Test
    void shouldFindProgramsWhenTheyAreInThePath()
    {
        assertNotNull(ServerProcess.find("sh"));
        assertNull(ServerProcess.find("no-such-server"));
        assertTrue(ServerProcess.freePort() > 0);
        assertEquals("yes", ServerProcess.output(List.of("/bin/sh", "-c", "echo yes")));
        assertThrows(MeasurementException.class, () -> ServerProcess.output(List.of("/bin/sh", "-c", "exit 1")));
        assertThrows(MeasurementException.class, () -> ServerProcess.output(List.of("/no/such/program")));
    }

    @Test
    void shouldKnowWhichServersForceAlwaysWhenTheyNameTheirVersion()
    {
        assertFalse(NatsPeer.canSyncAlways("nats-server: v2.9.10"));
        assertTrue(NatsPeer.canSyncAlways("nats-server: v2.10.0"));
        assertTrue(NatsPeer.canSyncAlways("nats-server: v3.0.1-beta"));
        assertFalse(NatsPeer.canSyncAlways("unknown"));
    }
}
