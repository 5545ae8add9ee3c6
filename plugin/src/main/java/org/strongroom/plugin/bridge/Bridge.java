package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One life of the application, from Initialize to Finalize: its workers and its log. */
final class Bridge {
    /** Plugins tell on threads of requests; each waits for a disk, and sometimes for what Orthanc says of a study. */
    private static final int AUDIT_LOG_WORKERS = 2;

    /** Changes, as the SDK numbers them. */
    private static final int ORTHANC_STARTED = 10;

    private static final int JOB_SUBMITTED = 16;

    private static final int JOB_SUCCESS = 17;

    /** Per pool; all of them stay below what Finalize waits for (STOP_SECONDS in loader.c). */
    private static final Duration END = Duration.ofSeconds(5);

    private final PluginApplication application;
    private final OrthancLog log;
    private final List<Workers> pools;

    private Bridge(PluginApplication application, OrthancLog log, List<Workers> pools) {
        this.application = application;
        this.log = log;
        this.pools = pools;
    }

    /** Starts the application, then its workers. Whatever is thrown means that nothing runs. */
    static Bridge start(LoaderFunctions functions) throws ReflectiveOperationException {
        Orthanc orthanc = new Orthanc(functions);
        OrthancLog log = orthanc.log();
        log.install();
        try {
            PluginApplication application = Class.forName(PluginApplication.CLASS_NAME)
                    .asSubclass(PluginApplication.class)
                    .getDeclaredConstructor()
                    .newInstance();
            application.start(orthanc);
            return work(application, functions, log);
        } catch (Throwable e) {
            log.uninstall();
            throw e;
        }
    }

    private static Bridge work(PluginApplication application, LoaderFunctions functions, OrthancLog log) {
        try {
            List<Workers> pools = pools(application, functions, log);
            pools.forEach(Workers::start);
            return new Bridge(application, log, pools);
        } catch (Throwable e) {
            application.stop();
            throw e;
        }
    }

    private static List<Workers> pools(PluginApplication application, LoaderFunctions functions, OrthancLog log) {
        BridgeLimits limits = application.limits();
        functions.setDeadline(Request.Kind.CREATE, limits.createDeadline().toMillis());
        functions.setDeadline(Request.Kind.READ_WHOLE, limits.readDeadline().toMillis());
        functions.setDeadline(Request.Kind.READ_RANGE, limits.readDeadline().toMillis());
        functions.setDeadline(Request.Kind.REMOVE, limits.removeDeadline().toMillis());
        functions.setDeadline(Request.Kind.REST, limits.restDeadline().toMillis());
        StorageWork storage = new StorageWork(application.storageArea(), log);
        RestWork rest = new RestWork(application.rest(), log);
        CommitmentWork commitment = new CommitmentWork(application.commitment());
        List<Workers> pools = new ArrayList<>(List.of(
                new Workers(limits.createWorkers(), Request.Queue.CREATE, functions, log, storage::create),
                new Workers(limits.readWorkers(), Request.Queue.READ, functions, log, storage::read),
                new Workers(1, Request.Queue.REMOVE, functions, log, storage::remove),
                new Workers(limits.restWorkers(), Request.Queue.REST, functions, log, rest::answer),
                new Workers(1, Request.Queue.COMMITMENT, functions, log, commitment::answer)));
        for (String route : application.routes()) {
            Pattern.compile(route); // Orthanc would end without a word about it
            functions.want(LoaderFunctions.Door.ROUTE, route);
        }
        if (application.wantsArrivals()) {
            functions.setDeadline(Request.Kind.STORED, limits.filterDeadline().toMillis());
            functions.want(LoaderFunctions.Door.ARRIVALS, null);
            pools.add(new Workers(1, Request.Queue.STORED, functions, log, storage::stored));
        }
        application.httpFilter().ifPresent(filter -> {
            functions.setDeadline(
                    Request.Kind.HTTP_FILTER, limits.filterDeadline().toMillis());
            functions.want(LoaderFunctions.Door.HTTP_FILTER, null);
            FilterWork work = new FilterWork(filter);
            pools.add(new Workers(limits.filterWorkers(), Request.Queue.HTTP_FILTER, functions, log, work::answer));
        });
        application.jobEnds().ifPresent(ends -> {
            functions.want(LoaderFunctions.Door.JOB_ENDS, null);
            pools.add(new Workers(1, Request.Queue.JOB_END, functions, log, request -> {
                byte[] bytes = request.content().read(0, Math.toIntExact(request.size()));
                String job = new String(bytes, StandardCharsets.US_ASCII);
                switch (request.detail()) {
                    case ORTHANC_STARTED -> ends.orthancStarted();
                    case JOB_SUBMITTED -> ends.begun(job);
                    default -> ends.ended(job, request.detail() == JOB_SUCCESS);
                }
                request.succeed();
            }));
        });
        application.auditLogs().ifPresent(logs -> {
            functions.want(LoaderFunctions.Door.AUDIT_LOGS, null);
            pools.add(new Workers(AUDIT_LOG_WORKERS, Request.Queue.AUDIT_LOG, functions, log, request -> {
                logs.told(told(request));
                request.succeed();
            }));
        });
        loginDoor(application, functions, log, pools);
        dimseDoors(application, functions, log, pools);
        return pools;
    }

    private static AuditLogs.Told told(Request request) throws IOException {
        HttpTexts texts = HttpTexts.of(request);
        Map<String, String> named = new HashMap<>();
        texts.arguments().forEach(pair -> named.put(pair.getKey(), pair.getValue()));
        return new AuditLogs.Told(
                texts.uri(),
                named.get("user"),
                request.detail(),
                named.get("resource"),
                named.get("action"),
                request.size(),
                named.get("asker"));
    }

    private static void loginDoor(
            PluginApplication application, LoaderFunctions functions, OrthancLog log, List<Workers> pools) {
        BridgeLimits limits = application.limits();
        application.httpAuthentication().ifPresent(authentication -> {
            functions.setDeadline(
                    Request.Kind.AUTHENTICATION, limits.filterDeadline().toMillis());
            functions.want(LoaderFunctions.Door.LOGINS, null);
            AuthenticationWork work = new AuthenticationWork(authentication);
            pools.add(new Workers(limits.filterWorkers(), Request.Queue.AUTHENTICATION, functions, log, work::answer));
        });
    }

    private static void dimseDoors(
            PluginApplication application, LoaderFunctions functions, OrthancLog log, List<Workers> pools) {
        BridgeLimits limits = application.limits();
        application.finds().ifPresent(finds -> {
            functions.setDeadline(Request.Kind.FIND, limits.findDeadline().toMillis());
            functions.want(LoaderFunctions.Door.FINDS, null);
            pools.add(new Workers(1, Request.Queue.FIND, functions, log, DimseWork.finds(finds)));
        });
        application.moves().ifPresent(moves -> {
            functions.setDeadline(Request.Kind.MOVE, limits.moveDeadline().toMillis());
            functions.setDeadline(Request.Kind.MOVE_STEP, limits.moveDeadline().toMillis());
            functions.want(LoaderFunctions.Door.MOVES, null);
            pools.add(new Workers(limits.moveWorkers(), Request.Queue.MOVE, functions, log, DimseWork.moves(moves)));
        });
    }

    void stop() throws InterruptedException {
        for (Workers pool : pools) {
            if (!pool.await(END)) {
                log.error("a worker did not end in time; it can no longer answer Orthanc");
            }
        }
        try {
            application.stop();
        } finally {
            log.uninstall();
        }
    }
}
