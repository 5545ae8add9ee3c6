package org.strongroom.plugin.login.account;

import java.util.Optional;

/**
 * What a name and a password have shown. Immutable.
 *
 * @param account who may come in
 * @param known the user of that name, if there is one
 * @param why a static text for auditors, if nobody may
 * @param unanswered whether whoever asks is told that it cannot be told now: as they are where the directory is silent
 */
public record Checked(Optional<Account> account, Optional<String> known, String why, boolean unanswered) {
    static Checked in(Account account) {
        return new Checked(Optional.of(account), Optional.of(account.name()), "", false);
    }

    public static Checked out(Optional<String> known, String why) {
        return new Checked(Optional.empty(), known, why, false);
    }

    Checked asUnanswered() {
        return new Checked(account, known, why, true);
    }
}
