package org.strongroom.core.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An OpenID Connect provider that knows more users. The client's secret is never here. Immutable. */
public record OpenIdSettings(
        @Setting(
                        text = "The provider's own name, letter by letter as it says it itself (\"issuer\" in"
                                + " ISSUER/.well-known/openid-configuration); http:// only on this machine.",
                        otherwise = "**required**")
                WebAddress issuer,
        @Setting(
                        text = "File with the certificates (PEM) of those who may have signed the provider's.",
                        otherwise = "those that Java knows")
                Optional<Path> authorities,
        @Setting(text = "What Strongroom is called there.") String clientId,
        @Setting(
                        text =
                                "File with the secret that the provider gave for it (its first line), read each time. Readable"
                                        + " by Orthanc's user only.",
                        otherwise = "ClientSecretEnv is used; without both it is a public client, which has none",
                        silent = true)
                Optional<Path> clientSecretFile,
        @Setting(
                        text = "Variable of Orthanc's environment that holds it.",
                        otherwise = "ClientSecretFile is used",
                        silent = true)
                Optional<String> clientSecretEnv,
        @Setting(text = "What the button on the login page says.", byDefault = "Log in with the clinic's account")
                String button,
        @Setting(text = "What is asked for, openid among it, with blanks between.", byDefault = "openid profile")
                String scopes,
        @Setting(
                        text = "The claim that users are known by here. One that users can change themselves is a bad"
                                + " choice.",
                        byDefault = "preferred_username")
                String name,
        @Setting(
                        text =
                                "The claim that holds the groups: a list of texts, in the ID token or, if it is not there, at the"
                                        + " provider's userinfo address. Nobody comes in without it.",
                        byDefault = "groups")
                String groupsClaim,
        @Setting(text = "What groups give. Who is in none of them does not come in.") List<OpenIdGroupSettings> groups,
        @Setting(
                        text =
                                "The claim that holds a user's name as ReferringPhysicianName in the studies, for the role"
                                        + " referrer: whose patients they see, so never one that users can change themselves.",
                        otherwise = "no patient is such a user's own")
                Optional<String> referringPhysician,
        @Setting(text = "How long each answer of the provider may take.", byDefault = "5 s") Duration timeout,
        @Setting(
                        text =
                                "How long what the provider said at a login counts, for that login and the user's app tokens and share"
                                        + " links: it is not asked again before the next login.",
                        byDefault = "12 h")
                Duration valid) {
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_VALID = Duration.ofDays(30);

    public OpenIdSettings {
        groups = List.copyOf(groups);
        Optional<Path> file = clientSecretFile;
        Optional<String> variable = clientSecretEnv;
        boolean nameless = clientId.isBlank();
        boolean silentButton = button.isBlank();
        List<String> asked = Arrays.asList(scopes.split(" ", -1));
        List<String> claims = List.of(name, groupsClaim, referringPhysician.orElse("name"));
        boolean noGroups = groups.isEmpty();
        Duration patience = timeout;
        Duration counts = valid;
        Problems.check(problems -> {
            if (nameless) {
                problems.add("ClientId", "empty: write what the provider calls this client");
            }
            if (file.isPresent() || variable.isPresent()) {
                SecretPlace.check(problems, "ClientSecret", file, variable);
            }
            if (silentButton) {
                problems.add("Button", "empty: write what users click on");
            }
            if (!asked.contains("openid")) {
                problems.add("Scopes", "openid is missing: add it");
            }
            checkClaims(problems, claims);
            if (noGroups) {
                problems.add("Groups", "none, so nobody could log in: write at least one");
            }
            if (patience.isZero() || patience.compareTo(LONGEST_TIMEOUT) > 0) {
                problems.add("Timeout", "must be more than nothing, and not more than 5 s");
            }
            if (counts.compareTo(Duration.ofMinutes(1)) < 0 || counts.compareTo(LONGEST_VALID) > 0) {
                problems.add("Valid", "must not be less than a minute, nor more than 30 days");
            }
        });
    }

    private static void checkClaims(Problems problems, List<String> claims) {
        List<String> settings = List.of("Name", "GroupsClaim", "ReferringPhysician");
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i).isBlank()) {
                problems.add(settings.get(i), "empty: write a claim's name");
            }
        }
    }
}
