package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.DirectoryGroupSettings;
import org.strongroom.core.settings.DirectorySettings;

/** Finds somebody in the directory, and which of the settings' groups they are in. Immutable, thread-safe. */
final class Lookup {
    private static final String MEMBER_OF = "memberOf";
    /** What names an entry whatever it is called: RFC 4530, MS-ADA3, 389 Directory Server. */
    private static final List<String> IDENTIFIERS = List.of("entryUUID", "objectGUID", "nsUniqueId");

    private static final List<String> PASSWORD_CHANGES = List.of("pwdLastSet", "pwdChangedTime");
    private static final int MOST_GROUPS = 1000;

    private final DirectorySettings settings;
    private final InstantSource clock;
    private final Filter people;
    private final Groups groups;

    /**
     * What was found.
     *
     * @param dn whom to bind as; empty if there is not exactly one
     */
    record Found(Optional<String> dn, Verdict verdict) {}

    /** @throws StrongroomException REFUSED if a name or a filter of the settings is none */
    Lookup(DirectorySettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.people = Syntax.filter("Filter", settings.filter());
        this.groups = new Groups(settings.groups());
        Syntax.dn("Base", settings.base());
        settings.groupBase().ifPresent(base -> Syntax.dn("GroupBase", base));
        groupFilter("cn=x", "x");
    }

    /**
     * Looks for {@code name}; takes as many questions whether there is one or not.
     *
     * @param stranger a DN of nobody, in whose groups nobody is
     */
    Found find(LDAPConnection connection, String name, String stranger) throws LDAPSearchException {
        Filter named = Filter.createEqualityFilter(settings.name(), name);
        Filter filter = Filter.createANDFilter(people, named);
        List<SearchResultEntry> entries = search(connection, settings.base(), filter, 2, attributes());
        Optional<SearchResultEntry> only = entries.size() == 1 ? Optional.of(entries.get(0)) : Optional.empty();
        Optional<String> dn = only.map(Entry::getDN).filter(text -> !text.isBlank()); // nobody binds as nobody
        List<String> memberships = memberships(connection, dn.orElse(stranger), name, only);
        if (only.isEmpty() || dn.isEmpty()) {
            String why = entries.isEmpty() ? "nobody of that name" : "several entries of one name";
            return new Found(Optional.empty(), new Verdict.Out(Optional.empty(), why));
        }
        return new Found(dn, verdict(only.get(), memberships));
    }

    private Verdict verdict(Entry entry, List<String> memberships) {
        Optional<String> name = nameOf(entry);
        if (name.isEmpty()) {
            return new Verdict.Out(name, "an entry without a single name of letters, digits, . _ @ and hyphens");
        }
        Optional<String> trouble = Standing.trouble(entry, clock.instant());
        if (trouble.isPresent()) {
            return new Verdict.Out(name, trouble.get());
        }
        List<DirectoryGroupSettings> gives = groups.of(memberships);
        return gives.isEmpty()
                ? new Verdict.Out(name, "in none of the groups of Access.Directory.Groups")
                : new Verdict.In(new Member(name.get(), gives, physicians(entry), stamp(entry)));
    }

    /** The one name of the entry: its only one, or of several the one that it stands under. Else it could be two users here. */
    private Optional<String> nameOf(Entry entry) {
        String[] values = values(entry, settings.name());
        Optional<String> name = values.length == 1 ? Optional.of(values[0]) : Syntax.named(entry, settings.name());
        return name.filter(text -> text.matches(AccessSettings.USER_NAME)).map(text -> text.toLowerCase(Locale.ROOT));
    }

    private List<String> physicians(Entry entry) {
        return settings.referringPhysician()
                .map(attribute -> List.of(values(entry, attribute)))
                .orElse(List.of());
    }

    private List<String> memberships(
            LDAPConnection connection, String dn, String name, Optional<SearchResultEntry> entry)
            throws LDAPSearchException {
        if (settings.groupBase().isEmpty()) {
            return entry.map(found -> List.of(values(found, MEMBER_OF))).orElse(List.of());
        }
        String base = settings.groupBase().get();
        return search(connection, base, groupFilter(dn, name), MOST_GROUPS, List.of(SearchRequest.NO_ATTRIBUTES))
                .stream()
                .map(Entry::getDN)
                .toList();
    }

    /** RFC 4515: what stands in a name is a value, never a part of the filter. */
    private Filter groupFilter(String dn, String name) {
        String text = settings.groupFilter()
                .replace("{user}", Filter.encodeValue(name))
                .replace("{dn}", Filter.encodeValue(dn));
        return Syntax.filter("GroupFilter", text);
    }

    /** Of more than {@code most}, some. */
    private List<SearchResultEntry> search(
            LDAPConnection connection, String base, Filter filter, int most, List<String> attributes)
            throws LDAPSearchException {
        int seconds = (int) Math.max(1, settings.timeout().toSeconds() - 1); // the server's word comes before ours ends
        SearchRequest request = new SearchRequest(
                base,
                SearchScope.SUB,
                DereferencePolicy.NEVER,
                most,
                seconds,
                false,
                filter,
                attributes.toArray(new String[0]));
        try {
            return connection.search(request).getSearchEntries();
        } catch (LDAPSearchException e) {
            if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
                return e.getSearchEntries();
            }
            throw e;
        }
    }

    private List<String> attributes() {
        List<String> all = new ArrayList<>(Standing.ATTRIBUTES);
        all.addAll(IDENTIFIERS);
        all.addAll(PASSWORD_CHANGES);
        all.add(settings.name());
        settings.referringPhysician().ifPresent(all::add);
        if (settings.groupBase().isEmpty()) {
            all.add(MEMBER_OF);
        }
        return all;
    }

    private static String[] values(Entry entry, String attribute) {
        return entry.hasAttribute(attribute) ? entry.getAttributeValues(attribute) : new String[0];
    }

    private static String stamp(Entry entry) {
        byte[][] parts = Stream.concat(IDENTIFIERS.stream(), PASSWORD_CHANGES.stream())
                .flatMap(attribute -> Stream.of(
                        (attribute + "=").getBytes(StandardCharsets.US_ASCII),
                        Optional.ofNullable(entry.getAttributeValueBytes(attribute))
                                .orElse(new byte[0])))
                .toArray(byte[][]::new);
        boolean identified = IDENTIFIERS.stream().anyMatch(entry::hasAttribute);
        byte[] place = identified ? new byte[0] : Syntax.normal(entry).getBytes(StandardCharsets.UTF_8);
        byte[][] all = Arrays.copyOf(parts, parts.length + 1);
        all[parts.length] = place;
        return Sha256.of(all).toString();
    }
}
