package org.strongroom.plugin.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DurableFiles;

/**
 * A storage area of plain files for tests of the loader, with one worker per queue. What it does with some contents is a
 * fault that the tests ask for. Its settings stand in a section {@code StrongroomTest} of Orthanc's configuration.
 */
public class FileApplication implements PluginApplication, StorageArea, RestHandler {
    private static final int TAG_BYTES = 16;

    private Path folder;
    private Duration deadline;
    private Orthanc orthanc;
    private Optional<TestDoors> doors;

    @Override
    public void start(Orthanc started) {
        orthanc = started;
        try {
            JsonNode settings =
                    new ObjectMapper().readTree(orthanc.getConfiguration()).path("StrongroomTest");
            folder = Path.of(settings.path("Folder").asText());
            doors = settings.path("Doors").asBoolean() ? Optional.of(new TestDoors(orthanc)) : Optional.empty();
            deadline = Duration.ofSeconds(settings.path("Deadline").asLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!Files.isDirectory(folder)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the test's folder is missing")
                    .cure("Create it");
        }
        orthanc.log()
                .info("the test application runs on Orthanc " + orthanc.getOrthancVersion() + ", Java "
                        + System.getProperty("java.version"));
    }

    @Override
    public StorageArea storageArea() {
        return this;
    }

    @Override
    public RestHandler rest() {
        return this;
    }

    /** Commits to one instance, throws for another one, and knows no other. */
    @Override
    public StorageCommitment commitment() {
        return (sopClass, sopInstance) -> switch (sopInstance) {
            case "1.2.3" ->
                sopClass.equals("1.2") ? StorageCommitment.Answer.COMMITTED : StorageCommitment.Answer.CLASS_CONFLICT;
            case "1.2.4" -> throw new IllegalStateException("asked to throw");
            default -> StorageCommitment.Answer.NO_SUCH_INSTANCE;
        };
    }

    @Override
    public Optional<HttpFilter> httpFilter() {
        return doors.map(opened -> opened);
    }

    @Override
    public Optional<HttpAuthentication> httpAuthentication() {
        return doors.map(opened -> opened::authenticate);
    }

    @Override
    public Optional<FindAnswerer> finds() {
        return doors.map(opened -> new TestDimse(orthanc.getOrthancVersion()));
    }

    @Override
    public Optional<MoveAnswerer> moves() {
        return doors.map(opened -> new TestDimse(orthanc.getOrthancVersion()));
    }

    @Override
    public Optional<JobEnds> jobEnds() {
        return doors.map(opened -> (job, well) -> opened.ended(job));
    }

    @Override
    public List<String> routes() {
        return doors.isPresent() ? TestDoors.ROUTES : List.of();
    }

    @Override
    public boolean wantsArrivals() {
        return doors.isPresent();
    }

    @Override
    public void create(Attachment attachment, ArrivalContext source, ByteSource content, Commit commit) {
        doors.orElseThrow().arrived(source, content);
        create(attachment, content, commit);
    }

    @Override
    public BridgeLimits limits() {
        return new BridgeLimits(1, 1, 1, 1, 1, deadline, deadline, deadline, deadline, deadline, deadline, deadline);
    }

    @Override
    public void stop() {
        orthanc.log().info("the test application stops");
    }

    @Override
    public void create(Attachment attachment, ByteSource content, Commit commit) {
        try {
            String tag =
                    new String(content.read(0, (int) Math.min(TAG_BYTES, content.size())), StandardCharsets.ISO_8859_1);
            if (tag.startsWith("throw")) {
                throw new IllegalStateException("asked to throw");
            } else if (tag.startsWith("full")) {
                throw StrongroomException.of(FailureKind.FULL, "asked to be full");
            } else if (tag.startsWith("stuck")) {
                stuck();
            }
            byte[] bytes = content.read(0, (int) content.size());
            Path temporary = DurableFiles.writeTemporary(
                    file(attachment), channel -> DurableFiles.writeFully(channel, java.nio.ByteBuffer.wrap(bytes)));
            if (!commit.enter()) {
                Files.delete(temporary);
                return;
            }
            if (tag.startsWith("late")) {
                stuck();
            }
            DurableFiles.rename(temporary, file(attachment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void read(PendingRead read) {
        Thread later = new Thread(() -> answer(read), "later");
        later.start();
    }

    private void answer(PendingRead read) {
        try {
            byte[] all = Files.readAllBytes(file(read.attachment()));
            if (new String(all, 0, Math.min(TAG_BYTES, all.length), StandardCharsets.ISO_8859_1).startsWith("short")) {
                read.allocate(all.length);
            } else if (read.isWhole()) {
                read.allocate(all.length);
                read.copyOut(0, all, 0, all.length);
            } else {
                read.copyOut(0, all, Math.toIntExact(read.offset()), Math.toIntExact(read.length()));
            }
            read.succeed();
            read.succeed();
        } catch (java.nio.file.NoSuchFileException e) {
            read.fail(StrongroomException.of(FailureKind.NOT_FOUND, "no such attachment")
                    .causedBy(e));
        } catch (IOException | RuntimeException e) {
            read.fail(StrongroomException.of(FailureKind.BUG, "the test's read failed")
                    .causedBy(e));
        }
    }

    @Override
    public void remove(Attachment attachment) {
        try {
            Files.deleteIfExists(file(attachment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        if (request.path().equals("/strongroom/echo")) {
            try {
                byte[] body = request.body().read(0, (int) request.body().size());
                return RestAnswer.of(200, "application/octet-stream", body)
                        .with("X-Query", request.query().toString())
                        .with("X-Asked", request.headers().getOrDefault("x-asked", ""))
                        .with("Set-Cookie", "a=1")
                        .with("Set-Cookie", "b=2");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (request.path().startsWith("/strongroom/status/")) {
            int status = Integer.parseInt(request.path().substring("/strongroom/status/".length()));
            return RestAnswer.json(status, "{\"status\": " + status + "}").with("Location", "/strongroom/echo");
        }
        if (request.path().startsWith("/strongroom/api/")) {
            // Orthanc's own API, which reads the storage area while this REST worker waits.
            return RestAnswer.of(
                    200,
                    "application/octet-stream",
                    orthanc.restApiGet(request.path().substring("/strongroom/api".length())));
        }
        if (doors.isPresent() && doors.get().answers(request.path())) {
            return doors.get().handle(request);
        }
        if (request.path().equals("/strongroom/throw")) {
            throw new IllegalStateException("asked to throw");
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route").with("path", "?");
    }

    private Path file(Attachment attachment) {
        return folder.resolve(attachment.uuid().toString());
    }

    /** Longer than the deadline of the tests that ask for it. */
    static void stuck() {
        try {
            if (new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
