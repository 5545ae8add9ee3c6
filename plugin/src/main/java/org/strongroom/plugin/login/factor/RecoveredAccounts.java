package org.strongroom.plugin.login.factor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.strongroom.plugin.keys.Keyring;

/** The accounts of a snapshot, for a Home that is made of a tier. */
public final class RecoveredAccounts {
    private RecoveredAccounts() {}

    /**
     * Drops all app tokens, durably: one that was revoked after the snapshot would be good again, and nothing tells which.
     *
     * @param folder that holds {@code accounts.strs}
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if it does not open with these keys
     */
    public static void dropTokens(Path folder, Keyring keyring) throws IOException {
        AccountRecords records = AccountRecords.open(folder, keyring);
        for (AccountRecord known : List.copyOf(records.all())) {
            if (!known.tokens().isEmpty()) {
                records.change(known.user(), record -> Optional.of(record.with(List.<AppToken>of())));
            }
        }
    }
}
