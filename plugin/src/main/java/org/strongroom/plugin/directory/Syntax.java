package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Names (RFC 4514) and filters (RFC 4515). Stateless. */
final class Syntax {
    private Syntax() {}

    /** @throws StrongroomException REFUSED if it is none */
    static DN dn(String setting, String text) {
        return parse(text).filter(dn -> !dn.isNullDN()).orElseThrow(() -> refused(setting, text, "no DN"));
    }

    static Optional<DN> parse(String text) {
        try {
            DN dn = new DN(text);
            dn.toNormalizedString();
            return Optional.of(dn);
        } catch (LDAPException e) {
            return Optional.empty();
        }
    }

    /** @throws StrongroomException REFUSED if it is none */
    static Filter filter(String setting, String text) {
        try {
            return Filter.create(text);
        } catch (LDAPException e) {
            throw refused(setting, text, "no LDAP filter").causedBy(e);
        }
    }

    /** The value of {@code attribute} that the entry stands under, if it does. */
    static Optional<String> named(Entry entry, String attribute) {
        return parse(entry.getDN())
                .map(DN::getRDN)
                .filter(rdn -> rdn.hasAttribute(attribute))
                .flatMap(rdn -> value(rdn, attribute));
    }

    private static Optional<String> value(RDN rdn, String attribute) {
        String[] names = rdn.getAttributeNames();
        for (int i = 0; i < names.length; i++) {
            if (names[i].equalsIgnoreCase(attribute)) {
                return Optional.of(rdn.getAttributeValues()[i]);
            }
        }
        return Optional.empty();
    }

    /** The entry's DN as it is compared. */
    static String normal(Entry entry) {
        return parse(entry.getDN()).map(DN::toNormalizedString).orElse(entry.getDN());
    }

    private static StrongroomException refused(String setting, String text, String what) {
        return StrongroomException.of(FailureKind.REFUSED, "Strongroom.Access.Directory." + setting + " is " + what)
                .with("value", text)
                .cure("Correct it; in a DN, commas that belong to a name are written \\,");
    }
}
