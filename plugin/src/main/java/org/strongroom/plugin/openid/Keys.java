package org.strongroom.plugin.openid;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.strongroom.core.time.RunningTime;

/**
 * The keys that the provider signs with. They are fetched when a token names one that is not known, which is how a new one is learnt of;
 * not more often than every half a minute, so that tokens of nobody's making do not make it ask. Thread-safe.
 */
final class Keys implements JWKSource<SecurityContext> {
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Duration OLDEST = Duration.ofHours(1);

    private final Source source;
    private final RunningTime time;
    private JWKSet known = new JWKSet();
    private Duration fetched = Duration.ofSeconds(-1);

    /** Where they are. */
    @FunctionalInterface
    interface Source {
        ProviderHttp.Answer fetch() throws Trouble;
    }

    Keys(Source source, RunningTime time) {
        this.source = source;
        this.time = time;
    }

    /** Sees to it that a key of this name is known, if there is one; a provider may take keys back, too. */
    synchronized void expect(String id) throws Trouble {
        Duration now = time.now();
        boolean never = fetched.isNegative();
        boolean old = !never && now.minus(fetched).compareTo(OLDEST) >= 0;
        boolean missing = id == null || known.getKeyByKeyId(id) == null;
        boolean allowed = never || now.minus(fetched).compareTo(PAUSE) >= 0;
        if (old || (missing && allowed)) {
            ProviderHttp.Answer answer = source.fetch();
            known = parse(answer);
            fetched = now;
        }
    }

    private static JWKSet parse(ProviderHttp.Answer answer) throws Trouble {
        if (answer.status() != 200) {
            throw new Trouble("the provider's keys are answered " + answer.status());
        }
        try {
            return JWKSet.parse(answer.json().toString()).toPublicJWKSet();
        } catch (ParseException e) {
            throw new Trouble("the provider's keys cannot be read", e);
        }
    }

    @Override
    public synchronized List<JWK> get(JWKSelector selector, SecurityContext context) {
        return selector.select(known);
    }
}
