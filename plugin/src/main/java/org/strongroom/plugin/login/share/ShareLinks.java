package org.strongroom.plugin.login.share;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.secret.Tokens;

/**
 * Links to single studies that users have made for others. What a link shows is decided anew with every request: no more than who has
 * made it may see then. Nothing is made, opened or ended that is not in the audit log. Thread-safe.
 */
public final class ShareLinks {
    private static final Logger LOG = System.getLogger(ShareLinks.class.getName());
    private static final String FILE = "shares";
    private static final int ID_BYTES = 8;
    private static final int LONGEST_NOTE = 200;
    /** Good at the same time, of one user. */
    private static final int MOST = 200;
    /** One that is over is known for so long, so that the log can say which one somebody has tried. */
    private static final Duration KEPT = Duration.ofDays(90);
    /** In place of a link that nobody has made. */
    private static final String UNKNOWN = "(unknown)";

    /** Studies that Orthanc is asked for in one {@link #look}. */
    private static final int MOST_LOOKED_FOR = 100;

    private static final String MANAGES = "access:manage";

    private final StateFile<Content> file;
    private final ShareTerms terms;
    private final Makers makers;
    private final Consumer<AuditEvent> audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private volatile List<ShareLink> all = List.of();
    /** Where looking for studies that are gone goes on. */
    private int next;

    /** What the file holds. */
    record Content(List<ShareLink> links) {
        Content {
            links = links == null ? List.of() : List.copyOf(links);
        }
    }

    /** Who may have made a link. Obligations: safe for several threads. */
    @FunctionalInterface
    public interface Makers {
        /**
         * What this user may now; empty if there is no such user.
         *
         * @throws StrongroomException UNAVAILABLE if that cannot be told now
         */
        Optional<Account> find(String user);
    }

    private ShareLinks(
            StateFile<Content> file,
            ShareTerms terms,
            Makers makers,
            Consumer<AuditEvent> audit,
            InstantSource clock,
            SecureRandom random) {
        this.file = file;
        this.terms = terms;
        this.makers = makers;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Those of the last life.
     *
     * @param audit returns when an event is durable
     * @throws StrongroomException CORRUPT if they cannot be read: nobody would know what was revoked
     */
    public static ShareLinks open(
            Path folder,
            Keyring keyring,
            ShareTerms terms,
            Makers makers,
            Consumer<AuditEvent> audit,
            InstantSource clock,
            SecureRandom random)
            throws IOException {
        StateFile<Content> file = new StateFile<>(folder.resolve(FILE + ".strs"), FILE, keyring, Content.class);
        ShareLinks links = new ShareLinks(file, terms, makers, audit, clock, random);
        links.all = file.read(
                        "the share links are damaged",
                        "Restore the file from a backup of Home; or remove it: then no link is good any more")
                .map(Content::links)
                .orElse(List.of());
        return links;
    }

    public ShareTerms terms() {
        return terms;
    }

    /**
     * A new link's secret, which is known to nobody once this answer is gone.
     *
     * @param life shortened to what the settings allow
     * @throws StrongroomException REFUSED if the user may not, or says nothing; UNAVAILABLE if it cannot be recorded
     */
    public synchronized String make(
            Principal user, String study, Duration life, boolean download, String note, String source) {
        String whom = note.strip();
        if (whom.isEmpty() || whom.length() > LONGEST_NOTE) {
            throw refused("whom it is for has 1 to " + LONGEST_NOTE + " characters")
                    .cure("You will want to know which link to revoke");
        }
        SharedStudies.Known known = terms.studies()
                .known(study)
                .filter(found -> !terms.longest().isZero() && terms.studies().mayShare(user, study))
                .orElseThrow(() -> refused("you may not share this study").cure("Ask whoever runs this server"));
        if (download && terms.studies().download(user, study).isEmpty()) {
            throw refused("you may not download this study yourself").cure("Make a link that only shows it");
        }
        Instant now = clock.instant();
        if (open(now, link -> link.user().equals(user.name())).size() >= MOST) {
            throw refused("you have too many links").cure("Revoke those that are not used any more");
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String secret = Tokens.random(random);
        ShareLink link = new ShareLink(
                HexFormat.of().formatHex(bytes),
                Tokens.hash(secret),
                user.name(),
                known.tenant(),
                study,
                known.key(),
                download,
                whom,
                now,
                now.plus(life.compareTo(terms.longest()) > 0 ? terms.longest() : life),
                0,
                null,
                null);
        audit.accept(event(AuditType.SHARE_CREATE, link)
                .by(user.name())
                .fromAddress(source)
                .with("until", link.until())
                .with("download", download));
        List<ShareLink> more = new ArrayList<>(kept(now));
        more.add(link);
        write(more);
        return secret;
    }

    /**
     * Somebody opens a link. Whether there never was such a one, or is not any more, makes no difference to who asks.
     *
     * @return the link; empty if it opens nothing
     * @throws StrongroomException UNAVAILABLE if it cannot be recorded, or Orthanc does not answer
     */
    public Optional<ShareLink> use(String secret, String source) {
        Optional<ShareLink> known = find(secret);
        boolean opens = known.isPresent() && maker(known.get(), clock.instant()).isPresent() && isStill(known.get());
        return record(known, opens, source);
    }

    /** Nobody is asked here who may take long: whoever revokes a link does not wait for that. */
    private synchronized Optional<ShareLink> record(Optional<ShareLink> known, boolean opens, String source) {
        Instant now = clock.instant();
        Optional<ShareLink> found = known.flatMap(asked -> byId(asked.id()))
                .filter(link -> opens && link.isOpen(now, terms.longest())); // it may have been revoked meanwhile
        if (found.isEmpty()) {
            AuditEvent event = known.map(
                            link -> event(AuditType.SHARE_USE, link).by(link.name()))
                    .orElseGet(() -> AuditEvent.of(AuditType.SHARE_USE).by(UNKNOWN));
            audit.accept(event.fromAddress(source).refused("no such link, or not any more"));
            return Optional.empty();
        }
        ShareLink link = found.get();
        audit.accept(event(AuditType.SHARE_USE, link).by(link.name()).fromAddress(source));
        write(changed(link, one -> one.usedAt(now)));
        return found;
    }

    private Optional<ShareLink> byId(String id) {
        return all.stream().filter(link -> link.id().equals(id)).findFirst();
    }

    /** Every one is compared, and each whole: the time says nothing about any. */
    private Optional<ShareLink> find(String secret) {
        byte[] hash = Tokens.hash(secret).getBytes(StandardCharsets.US_ASCII);
        ShareLink found = null;
        for (ShareLink link : all) {
            if (MessageDigest.isEqual(link.hash().getBytes(StandardCharsets.US_ASCII), hash)) {
                found = link;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Whoever holds the link with this name, as far as it goes now; empty if it does not, or nobody knows what its maker may. */
    public Optional<Principal> holder(String name) {
        String id = ShareLink.idIn(name);
        List<ShareLink> known = all;
        try {
            return known.stream()
                    .filter(link -> !id.isEmpty() && link.id().equals(id))
                    .findFirst()
                    .flatMap(link -> maker(link, clock.instant())
                            .map(maker -> maker.sharing(link.name(), link.shared(), link.download())));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Who has made it, if it is not over and they may still share. */
    private Optional<Principal> maker(ShareLink link, Instant now) {
        return Optional.of(link)
                .filter(one -> one.isOpen(now, terms.longest()))
                .flatMap(one -> makers.find(one.user()))
                .map(Account::principal)
                .filter(maker -> terms.studies().mayShare(maker, link.study()));
    }

    /** Whether the study is what it was when the link was made: it was not erased, nor given away. */
    private boolean isStill(ShareLink link) {
        return terms.studies()
                .known(link.study())
                .filter(study ->
                        study.tenant().equals(link.tenant()) && study.key().equals(link.key()))
                .isPresent();
    }

    /** Those of a user that are good, the newest first. */
    public List<ShareLink> of(Principal user) {
        return newestFirst(link -> link.user().equals(user.name()));
    }

    /** Those of others that this user may revoke, the newest first. */
    public List<ShareLink> ofOthers(Principal user) {
        return newestFirst(link -> !link.user().equals(user.name()) && mayManage(user, link));
    }

    private List<ShareLink> newestFirst(Predicate<ShareLink> meant) {
        List<ShareLink> found = new ArrayList<>(open(clock.instant(), meant));
        Collections.reverse(found);
        return List.copyOf(found);
    }

    private List<ShareLink> open(Instant now, Predicate<ShareLink> meant) {
        return all.stream()
                .filter(link -> meant.test(link) && link.isOpen(now, terms.longest()))
                .toList();
    }

    private static boolean mayManage(Principal user, ShareLink link) {
        return user.reach(MANAGES, link.tenant()) != Reach.NOTHING; // not by a role that they have in another tenant
    }

    /**
     * Ends a link that is the user's own, or in a tenant whose access they manage; nothing, if there is no such one.
     *
     * @return whether there was one
     * @throws StrongroomException UNAVAILABLE if it cannot be recorded: it is as it was
     */
    public synchronized boolean revoke(Principal user, String id, String source) {
        Optional<ShareLink> known = all.stream()
                .filter(link -> link.id().equals(id) && link.ended() == null)
                .filter(link -> link.user().equals(user.name()) || mayManage(user, link))
                .findFirst();
        known.ifPresent(link -> {
            audit.accept(event(AuditType.SHARE_REVOKE, link).by(user.name()).fromAddress(source));
            write(changed(link, one -> one.endedAt(clock.instant())));
        });
        return known.isPresent();
    }

    /**
     * Writes down which links are over, so that a clock that is set back later makes none good again, and ends those whose study is
     * erased or another tenant's, or whose maker is no user any more; to be called regularly, by one thread. Takes as long as Orthanc and
     * the directory do, and holds nobody up meanwhile.
     */
    public void look() {
        Map<String, String> gone = new HashMap<>();
        for (ShareLink link : nextToAsk()) {
            whyGone(link).ifPresent(why -> gone.put(link.id(), why));
        }
        end(gone);
    }

    private List<ShareLink> nextToAsk() {
        List<ShareLink> good = open(clock.instant(), link -> true);
        int first = next < good.size() ? next : 0;
        next = Math.min(good.size(), first + MOST_LOOKED_FOR);
        return good.subList(first, next);
    }

    /** @param gone why, by the link's id */
    private synchronized void end(Map<String, String> gone) {
        Instant now = clock.instant();
        List<ShareLink> changed = new ArrayList<>();
        for (ShareLink link : kept(now)) {
            boolean over = link.ended() == null && !now.isBefore(link.end(terms.longest()));
            if (!over && link.ended() == null && gone.containsKey(link.id())) {
                audit.accept(event(AuditType.SHARE_REVOKE, link)
                        .by(AuditEvent.STRONGROOM)
                        .with("how", gone.get(link.id())));
                over = true;
            }
            changed.add(over ? link.endedAt(now) : link);
        }
        if (!changed.equals(all)) {
            write(changed);
        }
    }

    /** As far as is known now. */
    private Optional<String> whyGone(ShareLink link) {
        try {
            if (makers.find(link.user()).isEmpty()) {
                return Optional.of("who has made it is no user any more"); // somebody else may be given the name
            }
            return isStill(link) ? Optional.empty() : Optional.of("the study was erased, or given to another tenant");
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "Whether a link is still good is asked again later", e);
            return Optional.empty();
        }
    }

    private List<ShareLink> kept(Instant now) {
        return all.stream()
                .filter(link -> link.ended() == null || link.ended().isAfter(now.minus(KEPT)))
                .toList();
    }

    private List<ShareLink> changed(ShareLink meant, UnaryOperator<ShareLink> change) {
        return all.stream()
                .map(link -> link.id().equals(meant.id()) ? change.apply(link) : link)
                .toList();
    }

    private void write(List<ShareLink> changed) {
        file.write(new Content(changed));
        all = List.copyOf(changed);
    }

    private static AuditEvent event(AuditType type, ShareLink link) {
        AuditEvent event = AuditEvent.of(type)
                .ofTenant(link.tenant())
                .with("share", link.id())
                .with("sharedBy", link.user());
        return link.key().isEmpty() ? event : event.with("key", link.key());
    }

    private static StrongroomException refused(String why) {
        return StrongroomException.of(FailureKind.REFUSED, why);
    }
}
