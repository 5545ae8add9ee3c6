package org.strongroom.sidecar;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AgreementSettings;
import org.strongroom.sidecar.tier.ArchiveClasses;
import org.strongroom.sidecar.tier.MemoryArchive;
import org.strongroom.sidecar.tier.MemoryTier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Priority;

/** A store whose line can be cut, whose objects can be damaged, and that remembers what it was asked. */
final class Store {
    final String name;
    final MemoryTier memory;
    /** Every call as {@code method object}. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** What it might write again when it was examined. */
    final List<Optional<?>> examined = new CopyOnWriteArrayList<>();
    /** Of every {@code put}, how urgent it was, and what. */
    final List<String> puts = new CopyOnWriteArrayList<>();
    /** The same of every part. */
    final List<String> parts = new CopyOnWriteArrayList<>();
    /** The first object whose name begins like this arrives, and the process is killed before it knows. */
    volatile String deadlyPut;
    /** Whether the line is cut. */
    volatile boolean away;
    /** Whether it refuses to delete. */
    volatile boolean keeps;
    /** Objects whose names begin like this it does not take. */
    volatile String refusedPut;
    /** An object that cannot be got, while all else can. */
    volatile String deadObject;
    /** Calls that begin like this fail, each in its way, while all others work: {@code get packs/…}. */
    final Map<String, FailureKind> failing = new ConcurrentHashMap<>();
    /** Whether it refuses to say which uploads there are. */
    volatile boolean hidesUploads;
    /** Whether it checks the digests of parts. */
    volatile boolean enforces = true;
    /** Whether it is outside the jurisdictions; as of the next opening of the clinic. */
    volatile boolean outside;
    /** With whoever runs it, and whether it gets no studies without one; as of the next opening of the clinic. */
    volatile Optional<AgreementSettings> agreement = Optional.empty();

    volatile boolean agreementRequired;
    /** The part with this number never arrives: the process is killed. */
    volatile int deadlyPart;
    /** What happens, once, before the second part of anything arrives. */
    volatile Happening secondPart;
    /** What happens, once, before anything is deleted. */
    volatile Happening firstDelete;
    /** What happens, once, before it is asked for a pack's size. */
    volatile Happening firstLook;
    /** What happens, once, before it is asked for a right edge of an audit log. */
    volatile Happening firstEdge;
    /** What it keeps of each name, if it is a bucket with versions and locks. */
    Versions versions;
    /** Reads wait for it, if it is set. */
    volatile CountDownLatch hold;

    /** Its archive class, if it has one; as of the next opening of the clinic. */
    volatile MemoryArchive archive;

    Store(String name) {
        this.name = name;
        this.memory = new MemoryTier(name);
    }

    Optional<ArchiveClasses> archive() {
        return Optional.ofNullable(archive);
    }

    /** Something that happens in the middle of a call. */
    interface Happening {
        void happen() throws Exception;
    }

    /** What {@code kill -9} looks like from within. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    Tier tier() {
        return archive == null ? seen() : archive.companions(seen());
    }

    private Tier seen() {
        return (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    String call = method.getName();
                    if (call.equals("enforcesPartDigest")) {
                        return enforces;
                    }
                    if (call.equals("examine")) {
                        examined.add((Optional<?>) arguments[0]);
                    }
                    if (call.equals("examine") || call.equals("lockPeriod")) {
                        return versions == null ? method.invoke(memory, arguments) : versions.answer(call);
                    }
                    if (call.equals("withdraw")) {
                        call = "delete"; // of what is seen, and all that most stores have
                    }
                    if (arguments != null) {
                        calls.add(call + " " + arguments[0]);
                    }
                    if (away && !call.equals("name") && !call.equals("kind") && !call.equals("close")) {
                        throw StrongroomException.of(FailureKind.UNAVAILABLE, "the line is cut");
                    }
                    for (Map.Entry<String, FailureKind> failure : failing.entrySet()) {
                        if (arguments != null && (call + " " + arguments[0]).startsWith(failure.getKey())) {
                            throw StrongroomException.of(failure.getValue(), "this one call fails");
                        }
                    }
                    if (keeps && call.equals("delete")) {
                        throw StrongroomException.of(FailureKind.REFUSED, "nothing is deleted here");
                    }
                    if (call.equals("put")
                            && refusedPut != null
                            && arguments[0].toString().startsWith(refusedPut)) {
                        throw StrongroomException.of(FailureKind.REFUSED, "nothing of the kind is taken here");
                    }
                    if (call.equals("get") && arguments[0].equals(deadObject)) {
                        throw StrongroomException.of(FailureKind.UNAVAILABLE, "a sector is bad");
                    }
                    if (hidesUploads && call.equals("uploads")) {
                        throw StrongroomException.of(FailureKind.REFUSED, "no right to list uploads");
                    }
                    if (call.equals("part") && (int) arguments[2] == deadlyPart) {
                        throw new Killed();
                    }
                    Happening happening = secondPart;
                    if (happening != null && call.equals("part") && (int) arguments[2] == 2) {
                        secondPart = null;
                        happening.happen();
                    }
                    Happening before = firstDelete;
                    if (before != null && call.equals("delete")) {
                        firstDelete = null;
                        before.happen();
                    }
                    Happening look = firstLook;
                    if (look != null
                            && call.equals("head")
                            && arguments[0].toString().startsWith("packs/")) {
                        firstLook = null;
                        look.happen();
                    }
                    Happening asked = firstEdge;
                    if (asked != null
                            && call.equals("head")
                            && arguments[0].toString().contains(".p/")) {
                        firstEdge = null;
                        asked.happen();
                    }
                    CountDownLatch wait = hold;
                    if (call.equals("get") && wait != null) {
                        wait.await();
                    }
                    if (call.equals("get") && archive != null) {
                        archive.requireReadable((String) arguments[0]);
                    }
                    if (call.equals("part")) {
                        parts.add(Priority.current() + " " + arguments[0]);
                    }
                    if (call.equals("put")) {
                        puts.add(Priority.current() + " " + arguments[0]);
                    }
                    if (versions != null && versions.answers(method.getName())) {
                        return versions.answer(method.getName(), (String) arguments[0]);
                    }
                    try {
                        Object result = method.invoke(memory, arguments);
                        if (call.equals("put")
                                && deadlyPut != null
                                && arguments[0].toString().startsWith(deadlyPut)) {
                            deadlyPut = null;
                            throw new Killed();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    long count(String prefix) {
        return calls.stream().filter(call -> call.startsWith(prefix)).count();
    }

    List<String> objects(String prefix) {
        List<String> names = new ArrayList<>();
        memory.list(prefix, info -> names.add(info.name()));
        return names;
    }

    byte[] object(String object) throws java.io.IOException {
        int size = (int) memory.head(object).orElseThrow().size();
        try (InputStream in = memory.get(object, 0, size)) {
            return in.readAllBytes();
        }
    }

    /** Flips a bit of an object. */
    void damage(String object, long offset) throws java.io.IOException {
        byte[] bytes = object(object);
        bytes[(int) offset] ^= 1;
        replace(object, bytes);
    }

    void replace(String object, byte[] bytes) {
        memory.delete(object);
        memory.put(object, bytes);
    }
}
