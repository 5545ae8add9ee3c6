package org.strongroom.sidecar.report;

import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.AgreementSettings;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.core.settings.UserSettings;
import org.strongroom.core.settings.Users;

/** What the settings say about each {@link Control}: names of users, files and buckets are not told. Immutable. */
record Installation(Settings settings, LocalDate today) {
    /** What is set, and to what. */
    Map<String, String> about(Control control) {
        Map<String, String> told = new TreeMap<>();
        switch (control.name()) {
            case Control.ACCESS -> access(told);
            case Control.LOGINS -> logins(told);
            case Control.INCIDENTS ->
                told.put(
                        "problems are told to",
                        settings.alerts().webhook().isPresent()
                                ? "a webhook"
                                : settings.alerts().command().isPresent() ? "a command" : "nobody but the status");
            case Control.CONTINGENCY -> contingency(told);
            case Control.PERSONS -> persons(told);
            case Control.EMERGENCY ->
                told.put("a patient is open for", settings.access().emergency().toString());
            case Control.ENCRYPTION -> told.put("the keys are opened by", rootKey(settings.rootKey()));
            case Control.AUDIT -> audit(told);
            case Control.TRANSMISSION -> transmission(told);
            case Control.AGREEMENTS -> agreements(told);
            default -> {
                // The events alone tell.
            }
        }
        return told;
    }

    private void access(Map<String, String> told) {
        AccessSettings access = settings.access();
        TreeSet<String> roles = new TreeSet<>();
        users().orElse(access.users()).values().forEach(user -> roles.addAll(user.roles()));
        told.put("access is controlled", settings.controlsAccess() ? "yes" : "no: everybody may ask everything");
        told.put(
                "tenants that are kept apart",
                Integer.toString(settings.tenants().size()));
        told.put("roles of users of the settings", roles.isEmpty() ? "none" : String.join(", ", roles));
        told.put("images of unknown senders", access.unknownSources());
    }

    private void persons(Map<String, String> told) {
        AccessSettings access = settings.access();
        told.put("users in the settings", Integer.toString(access.users().size()));
        told.put("users in a file of their own", inFile(access));
        told.put("users of a directory", access.directory().isPresent() ? "yes" : "no");
        told.put("users of an OpenID Connect provider", access.openIdConnect().isPresent() ? "yes" : "no");
    }

    /** Those of the settings and of their file; empty if who runs this may not read that. */
    private Optional<Map<String, UserSettings>> users() {
        try {
            return Optional.of(Users.of(settings));
        } catch (StrongroomException e) {
            return Optional.empty();
        }
    }

    private String inFile(AccessSettings access) {
        if (access.usersFile().isEmpty()) {
            return "there is no such file";
        }
        return users().map(all -> Integer.toString(all.size() - access.users().size()))
                .orElse("some: the file cannot be read by who made this");
    }

    private void logins(Map<String, String> told) {
        LoginSettings login = settings.access().login();
        told.put("a login ends after", login.idle() + " without a request, " + login.absolute() + " in any case");
        told.put(
                "roles that need a second factor",
                login.secondFactor().isEmpty() ? "none" : String.join(", ", login.secondFactor()));
        told.put(
                "roles that may send a password with every request",
                login.basic().isEmpty() ? "none" : String.join(", ", login.basic()));
        told.put("a policy is acknowledged", login.policy().isPresent() ? "every " + login.policyPeriod() : "no");
    }

    private void contingency(Map<String, String> told) {
        told.put("tiers", Integer.toString(settings.tiers().size()));
        told.put("copies before bytes may leave this machine", Integer.toString(settings.requiredCopies()));
        told.put(
                "the recovery kit is proven every",
                settings.recoveryKit().proveEvery().toString());
        told.put(
                "a recovery is tried every",
                settings.recoveryKit().drillEvery().map(Object::toString).orElse("it is not said how often"));
    }

    private static String rootKey(RootKeySettings root) {
        if (root.pkcs11().isPresent()) {
            return "a PKCS#11 token";
        }
        if (root.vault().isPresent()) {
            return "Vault transit";
        }
        if (root.awsKms().isPresent()) {
            return "AWS KMS";
        }
        return root.keyFile().isPresent() ? "a key file on this machine" : "a passphrase on this machine";
    }

    private void audit(Map<String, String> told) {
        told.put(
                "events are signed after", settings.audit().checkpointInterval().toString());
        told.put(
                "and anchored in every tier after",
                settings.audit().anchorInterval().toString());
        told.put(
                "events are forwarded to",
                settings.audit().forward().isEmpty()
                        ? "nobody"
                        : String.join(
                                ", ", new TreeSet<>(settings.audit().forward().keySet())));
    }

    private void transmission(Map<String, String> told) {
        told.put(
                "browsers reach it at",
                settings.access().login().address().map(Object::toString).orElse("an address that is not said"));
        settings.tiers().forEach((name, tier) -> told.put("tier " + name, line(tier)));
    }

    private static String line(TierSettings tier) {
        if (tier.directory().isPresent()) {
            return "a folder; what is written there is encrypted";
        }
        Optional<URI> endpoint = tier.s3().isPresent()
                ? tier.s3().get().endpoint()
                : tier.azure().map(azure -> azure.address());
        return endpoint.map(URI::getScheme).orElse("https") + "; what is sent is encrypted before";
    }

    private void agreements(Map<String, String> told) {
        told.put("studies go only where there is an agreement", settings.requireAgreements() ? "yes" : "no");
        settings.tiers().forEach((name, tier) -> told.put("tier " + name, agreement(tier)));
    }

    private String agreement(TierSettings tier) {
        List<String> words = new ArrayList<>();
        tier.provider().ifPresent(words::add);
        tier.jurisdiction().ifPresent(words::add);
        Optional<AgreementSettings> agreement = tier.agreement();
        if (agreement.isEmpty()) {
            words.add("no agreement is recorded");
        } else {
            agreement.get().with().ifPresent(with -> words.add("with " + with));
            agreement.get().signed().ifPresent(signed -> words.add("signed " + signed));
            agreement.get().until().ifPresent(until -> words.add("until " + until));
            agreement.get().waived().ifPresent(why -> words.add("waived"));
            words.add(agreement.get().holds(today) ? "holds" : "has ENDED");
        }
        return String.join(", ", words);
    }
}
