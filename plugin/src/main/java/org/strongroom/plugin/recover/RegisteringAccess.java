package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strongroom.core.settings.Settings;

/**
 * Who may come in where images are only listed again: nobody, and yet access is controlled, so that Strongroom starts under a restricting
 * hold, and where passwords of people are not there yet. Whose an image is, its key tells.
 */
final class RegisteringAccess {
    /** A user of this Orthanc alone. No password is set, so nobody can log in as this one. */
    static final String USER = "strongroom-recover";

    private RegisteringAccess() {}

    /** Puts one user, who is of every tenant, in the place of all that the section says of people and of senders. */
    static void write(ObjectNode section) {
        List<String> tenants = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tenant : section.path("Tenants").properties()) {
            tenants.add(tenant.getKey());
            if (tenant.getValue() instanceof ObjectNode settings) {
                settings.remove("Sources"); // its users are not there, and nobody sends
            }
        }
        if (tenants.isEmpty()) {
            tenants.add(Settings.FIRST_TENANT);
        }
        ObjectNode user = section.putObject("Access").putObject("Users").putObject(USER);
        ArrayNode of = user.putArray("Tenants");
        tenants.forEach(of::add);
        section.withObject("/Audit").put("Stations", true); // a restriction asks for it, where there is one tenant
    }
}
