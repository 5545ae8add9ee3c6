package org.strongroom.plugin.login.signin;

import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.SecurityKeys;

/** What is left of somebody's second factors without one of them. */
final class FactorRemoval {
    private FactorRemoval() {}

    /** @throws StrongroomException REFUSED if there is no such key, or the account cannot be without */
    static AccountRecord key(Account account, AccountRecord record, String id) {
        return SecurityKeys.without(record.keys(), id)
                .map(record::withKeys)
                .map(left -> left(account, left))
                .orElseThrow(() -> none("there is no such security key"));
    }

    /** @throws StrongroomException REFUSED if there is no app, or the account cannot be without */
    static AccountRecord app(Account account, AccountRecord record) {
        if (record.findFactor().isEmpty()) {
            throw none("there is no app");
        }
        return left(account, record.with((AccountRecord.Factor) null, record.recoveryCodes()));
    }

    /** Recovery codes stand for a second factor, and go with the last one. */
    private static AccountRecord left(Account account, AccountRecord less) {
        if (less.hasSecondFactor()) {
            return less;
        } else if (account.secondFactor()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "a role of yours needs a second factor, and this is the only one")
                    .cure("Add a key, or set up an app, before you remove this one");
        }
        return less.with((AccountRecord.Factor) null, List.of());
    }

    private static StrongroomException none(String what) {
        return StrongroomException.of(FailureKind.REFUSED, what).cure("Look at the list again");
    }
}
