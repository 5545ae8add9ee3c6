package org.strongroom.sidecar.marker;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AgreementSettings;
import org.strongroom.core.settings.Settings;

/**
 * Whether whoever runs a tier may be given studies today, by what the settings say of the contract with them. Days are this
 * machine's. Thread-safe.
 */
public final class Agreement {
    private static final int DAYS_BEFORE = 30;

    private final String tier;
    private final Optional<AgreementSettings> recorded;
    private final boolean required;
    private final InstantSource clock;

    /** @param required whether a tier without one gets no studies */
    public Agreement(String tier, Optional<AgreementSettings> recorded, boolean required, InstantSource clock) {
        this.tier = tier;
        this.recorded = recorded;
        this.required = required;
        this.clock = clock;
    }

    /** What these settings say of this tier. */
    public static Agreement of(Settings settings, String tier, InstantSource clock) {
        return new Agreement(tier, settings.tiers().get(tier).agreement(), settings.requireAgreements(), clock);
    }

    /** Whether there is one, and it holds today. */
    public boolean holds() {
        return recorded.filter(agreement -> agreement.holds(today())).isPresent();
    }

    /** Why no studies may be put into the tier today: REFUSED; empty if they may. */
    public Optional<StrongroomException> reasonAgainst() {
        if (!required || holds()) {
            return Optional.empty();
        }
        return Optional.of(
                StrongroomException.of(FailureKind.REFUSED, "no agreement with whoever runs the tier holds today")
                        .with("tier", tier)
                        .cure(cure()));
    }

    /** What a person should be told: that it ends within 30 days, or has ended. */
    public Optional<Problem> problem() {
        return recorded.flatMap(AgreementSettings::until)
                .filter(last -> last.minusDays(DAYS_BEFORE).isBefore(today()))
                .map(this::problem);
    }

    private Problem problem(LocalDate last) {
        String what = "the agreement of tier " + tier + " (" + recorded.orElseThrow() + ") ";
        if (holds()) {
            return new Problem(
                    FailureKind.REFUSED, what + "ends after " + last + then(", then no studies go there"), cure());
        }
        return new Problem(
                FailureKind.REFUSED,
                what + "has ended with " + last + then(": no studies go there, new ones are on this machine only"),
                cure());
    }

    private String then(String what) {
        return required ? what : "";
    }

    private String cure() {
        return "Make a new one, write it into Tiers." + tier + ".Agreement, and restart Orthanc";
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }
}
