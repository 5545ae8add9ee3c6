package org.strongroom.core.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How people prove who they are. Immutable. */
public record LoginSettings(
        @Setting(text = "A login ends after this long without a request.", byDefault = "30 min") Duration idle,
        @Setting(text = "A login ends after this long in any case.", byDefault = "12 h") Duration absolute,
        @Setting(
                        text =
                                "Roles that need a second factor beside the password: a code from an app, or a security key where"
                                        + " Address is set.",
                        otherwise = "only who has set one up is asked for it")
                List<String> secondFactor,
        @Setting(
                        text = "Roles that may come with a name and a password in every request (HTTP Basic), as old"
                                + " clients do. Never with a second factor.",
                        otherwise = "none")
                List<String> basic,
        @Setting(
                        text = "How long an app token, which a machine uses in place of a password, may be good.",
                        byDefault = "365 days")
                Duration tokens,
        @Setting(
                        text =
                                "Text file with the clinic's policy. Everybody says at login that it was read, again when it"
                                        + " changes.",
                        otherwise = "nothing is asked")
                Optional<Path> policy,
        @Setting(text = "How often the policy is shown again.", byDefault = "365 days") Duration policyPeriod,
        @Setting(
                        text =
                                "The address at which browsers reach this Orthanc, as in the browser's address bar. Security keys and"
                                        + " passkeys (WebAuthn) belong to its host name: under another name they have to be added"
                                        + " anew, and an IP address has none. OpenIdConnect needs it: ADDRESS/strongroom/openid has to be"
                                        + " registered at the provider. http:// only for this machine.",
                        otherwise = "no security keys")
                Optional<WebAddress> address,
        @Setting(
                        text =
                                "Addresses or networks of reverse proxies in front of Orthanc: what they say in X-Forwarded-For is"
                                        + " believed. They must not leave a client's line of that name beside their own."
                                        + " Orthanc tells of the first only.",
                        otherwise = "nobody is believed")
                List<AddressRange> proxies,
        @Setting(
                        text =
                                "Send the login's cookie over unencrypted lines as well: whoever listens can take it. For"
                                        + " trials.",
                        byDefault = "false")
                boolean insecure) {
    public LoginSettings {
        secondFactor = List.copyOf(secondFactor);
        basic = List.copyOf(basic);
        proxies = List.copyOf(proxies);
        List<String> both = basic.stream().filter(secondFactor::contains).toList();
        Duration longest = absolute;
        Duration shorter = idle;
        Duration life = tokens;
        Problems.check(problems -> {
            if (!both.isEmpty()) {
                problems.add(
                        "Basic", both + " needs a second factor, which Basic cannot carry: remove it here or there");
            }
            if (shorter.isZero() || shorter.compareTo(longest) > 0) {
                problems.add("Idle", "must be more than nothing, and not more than Absolute");
            }
            if (life.isZero()) {
                problems.add("Tokens", "must be more than nothing");
            }
        });
    }
}
