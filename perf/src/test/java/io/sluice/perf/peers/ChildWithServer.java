package io.sluice.perf.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts a server, says its process id, waits to be told, and ends without closing it. */
final class ChildWithServer
{
    private ChildWithServer()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final ServerProcess server = ServerProcess.start(
            List.of("/bin/sh", "-c", "exec sleep 600"), Files.createDirectories(Path.of(args[0])));
        System.out.println("server " + server.handle().pid());
        System.out.flush();
        while (System.in.read() != '\n')
        {
            continue;
        }
        System.exit(0);
    }
}
