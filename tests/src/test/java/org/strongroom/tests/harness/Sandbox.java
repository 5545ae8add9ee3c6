package org.strongroom.tests.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This machine as it is, in a mount and process namespace of its own: what is installed, written or started in there is gone with
 * it, and what runs outside is not seen. Needs root, or sudo without a password. Not thread-safe.
 */
public final class Sandbox implements AutoCloseable {
    private static final String MAKE =
            """
            set -e
            mount -t tmpfs tmpfs "$0"
            mkdir "$0/upper" "$0/work" "$0/root"
            mount -t overlay overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" "$0/root"
            mount -t proc proc "$0/root/proc"
            mount --rbind /dev "$0/root/dev"
            mount --rbind /sys "$0/root/sys"
            [ -e "$0/root$1/strongroom" ] || { mkdir -p "$0/root$1"; mount --bind "$1" "$0/root$1"; }
            sleep infinity &
            echo made # not before there is the process that it is entered by
            wait # and bury whatever ends in there
            """;

    private final Scratch scratch = new Scratch();
    private final Process holder;
    private final long inside;

    public Sandbox() {
        try {
            holder = Command.of(asRoot("unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", MAKE))
                    .and(scratch.path(), Project.root())
                    .builder()
                    .redirectErrorStream(true)
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            if (!"made".equals(line)) {
                close();
                throw new IllegalStateException("no sandbox: " + line);
            }
            inside = holder.descendants()
                    .filter(process -> process.children().findAny().isEmpty())
                    .findFirst()
                    .orElseThrow()
                    .pid();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command in it, as root. */
    public Command command(Object... words) {
        return Command.of(asRoot("nsenter", "-t", inside, "-m", "-p", "chroot", scratch.path() + "/root"))
                .and(words);
    }

    /** A path of this machine, in there. */
    public Path path(String inThere) {
        return Path.of("/proc", Long.toString(inside), "root", scratch.path().toString(), "root", inThere);
    }

    private static Object[] asRoot(Object... words) {
        List<Object> all = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("sudo", "-n"));
        }
        all.addAll(List.of(words));
        return all.toArray();
    }

    @Override
    public void close() {
        holder.descendants().forEach(ProcessHandle::destroyForcibly);
        holder.destroyForcibly().onExit().join();
        scratch.close();
    }
}
