package org.strongroom.plugin.hold;

import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.keys.Keyring;

/** Whether everything is one tenant's, whatever it was called when something was sealed for it. Stateless. */
public final class OneTenant {
    private OneTenant() {}

    /** Whether the settings name no second tenant, and none was ever kept apart here. */
    public static boolean isOne(Settings settings, Holds holds) {
        return settings.tenants().size() < 2 && !holds.hasEverKept(AccessSettings.QUARANTINE);
    }

    /**
     * Tells a keyring whose everything is, if it is {@link #isOne one tenant's}: quarantine's hold, which the journal does not forget, is the sign that
     * there were several. Then all stays whose keys and journal say that it is. To be called when the journal has been read.
     *
     * @param keyring with keys of the tenant; one that was opened only to be read, and has none yet, is told nothing
     */
    public static void tell(Settings settings, Holds holds, Keyring keyring) {
        if (isOne(settings, holds)
                && keyring.tenantNamed(settings.firstTenant()).isPresent()) {
            keyring.owners().areAll(settings.firstTenant());
        }
    }
}
