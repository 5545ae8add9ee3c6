package org.strongroom.plugin.login.page;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.strongroom.plugin.login.page.Template.Html;
import org.strongroom.plugin.login.signin.Outcome;
import org.strongroom.plugin.login.signin.Pending;
import org.strongroom.plugin.login.signin.Wish;
import org.strongroom.plugin.webauthn.Assertion;
import org.strongroom.plugin.webauthn.Creation;
import org.strongroom.plugin.webauthn.RelyingParty;

/**
 * Forms that a script of ours fills in with what a security key says ({@code webauthn.js}). Without the script they do nothing. Immutable.
 *
 * @param host that keys are asked for; empty if there are none here
 * @param clinic its name, as a browser may show it
 */
record KeyForms(Optional<String> host, String clinic) {
    static Assertion shown(Map<String, String> form) {
        return new Assertion(
                form.getOrDefault("id", ""),
                form.getOrDefault("client", ""),
                form.getOrDefault("authenticator", ""),
                form.getOrDefault("signature", ""),
                form.getOrDefault("handle", ""));
    }

    static Creation created(Map<String, String> form) {
        return new Creation(form.getOrDefault("client", ""), form.getOrDefault("attestation", ""));
    }

    /** For whoever has a key. */
    Html show(Outcome.Ask ask) {
        if (ask.login().before().keys().isEmpty()) {
            return Html.NONE;
        }
        return host.isEmpty()
                ? Template.fill("problem", Map.of("problem", "Security keys cannot be used here now."))
                : Template.fill("key-show", values(ask));
    }

    /** Beside an app that is to be set up: nothing for who asked for the app. */
    Html instead(Outcome.Ask ask) {
        return host.isEmpty() || ask.login().wish().kind() == Wish.Kind.SET_UP_APP
                ? Html.NONE
                : Template.fill("key-instead", Map.of("form", add(ask)));
    }

    Html add(Outcome.Ask ask) {
        return host.isEmpty() ? Html.NONE : Template.fill("key-add", values(ask));
    }

    private Map<String, Object> values(Outcome.Ask ask) {
        Pending login = ask.login();
        Map<String, Object> values = new HashMap<>();
        values.put("rp", host.orElse(""));
        values.put("clinic", clinic);
        values.put("ticket", ask.ticket());
        values.put("challenge", login.challenge().orElse(""));
        values.put("known", String.join(",", login.before().keys()));
        values.put("handle", login.handle());
        values.put("user", login.account().name());
        values.put(
                "algorithms",
                RelyingParty.ALGORITHMS.stream().map(String::valueOf).collect(Collectors.joining(",")));
        return values;
    }
}
