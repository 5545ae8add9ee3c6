package org.strongroom.plugin.login.factor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;

/** The records of all users, sealed in Home. Thread-safe. */
public final class AccountRecords {
    private final StateFile<Content> file;
    private volatile Map<String, AccountRecord> records = Map.of();

    /** What the file holds. */
    record Content(List<AccountRecord> accounts) {
        Content {
            accounts = accounts == null ? List.of() : List.copyOf(accounts);
        }
    }

    private AccountRecords(StateFile<Content> file) {
        this.file = file;
    }

    /**
     * Those of the last life.
     *
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if they cannot be read: without them, whoever knows a password could set up a second
     *     factor
     */
    public static AccountRecords open(Path folder, Keyring keyring) throws IOException {
        AccountRecords all = new AccountRecords(
                new StateFile<>(folder.resolve("accounts.strs"), "accounts", keyring, Content.class));
        Map<String, AccountRecord> records = new LinkedHashMap<>();
        all.file
                .read(
                        "the accounts' second factors and app tokens are damaged",
                        "Restore the file from a backup of Home; or remove it: then everybody sets up a second factor anew, and"
                                + " makes new app tokens")
                .ifPresent(content -> content.accounts().forEach(one -> records.put(one.user(), one)));
        all.records = Map.copyOf(records);
        return all;
    }

    public AccountRecord of(String user) {
        AccountRecord record = records.get(user);
        return record == null ? AccountRecord.of(user) : record;
    }

    /**
     * Changes one record, durably, if {@code change} gives another one; two changes of one record come one after the other.
     *
     * @return whether it was changed
     * @throws org.strongroom.core.error.StrongroomException UNAVAILABLE if it could not be written: nothing has changed
     */
    public synchronized boolean change(String user, Function<AccountRecord, Optional<AccountRecord>> change) {
        Optional<AccountRecord> record = change.apply(of(user));
        if (record.isEmpty()) {
            return false;
        }
        Map<String, AccountRecord> changed = new LinkedHashMap<>(records);
        changed.put(user, record.get());
        file.write(new Content(List.copyOf(changed.values())));
        records = Map.copyOf(changed);
        return true;
    }

    public Collection<AccountRecord> all() {
        return records.values();
    }
}
