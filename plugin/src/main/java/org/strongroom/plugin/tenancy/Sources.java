package org.strongroom.plugin.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.strongroom.core.settings.AddressRange;
import org.strongroom.core.settings.AeTitles;
import org.strongroom.core.settings.SourceSettings;
import org.strongroom.core.settings.TenantSettings;

/** The tenants' {@code Sources}: whose somebody or something is. Immutable. */
public final class Sources {
    private final Map<String, TenantSettings> tenants;
    private final Map<String, InetAddress> hosts;
    private final Map<String, String> byTitle = new HashMap<>();
    private final Map<String, String> byUser = new HashMap<>();

    private Sources(Map<String, TenantSettings> tenants, Map<String, InetAddress> hosts) {
        this.tenants = tenants;
        this.hosts = hosts;
        tenants.forEach((name, tenant) -> {
            tenant.sources().aETs().forEach(title -> byTitle.put(AeTitles.folded(title), name));
            tenant.sources().users().forEach(user -> byUser.put(user, name));
        });
    }

    /**
     * Those of the settings. Of a sender's address Orthanc tells a plugin nothing, but it refuses who comes from another one than
     * {@code DicomModalities} say ({@code DicomCheckModalityHost}, which several tenants demand).
     *
     * @param modalities Orthanc's {@code DicomModalities}
     */
    public static Sources of(Map<String, TenantSettings> tenants, JsonNode modalities) {
        Map<String, InetAddress> hosts = new HashMap<>();
        for (JsonNode modality : modalities) {
            address(modality.path("Host").asText())
                    .ifPresent(host ->
                            hosts.put(AeTitles.folded(modality.path("AET").asText()), host));
        }
        return new Sources(tenants, hosts);
    }

    /** A name could mean another address every day. */
    private static Optional<InetAddress> address(String host) {
        try {
            return Optional.of(AddressRange.parse(host).address());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The tenant that names this user; empty if none does. */
    Optional<String> ofUser(String name) {
        return Optional.ofNullable(byUser.get(name));
    }

    /**
     * The tenant of what a modality sends: by its title, else by its address, else by what the image says. Empty if nothing tells, or
     * two tenants' sources fit as well as each other.
     *
     * @param origin text of a tag of the image, by its keyword; empty if it has none
     */
    Optional<String> ofSender(String title, UnaryOperator<String> origin) {
        String byName = byTitle.get(AeTitles.folded(title));
        if (byName != null) {
            return Optional.of(byName);
        }
        InetAddress host = hosts.get(AeTitles.folded(title));
        List<String> near = host == null ? List.of() : fitting(sources -> contain(sources.addresses(), host));
        List<String> found = near.isEmpty()
                ? fitting(
                        sources -> sources.tags().stream().anyMatch(match -> match.matches(origin.apply(match.tag()))))
                : near;
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private static boolean contain(List<AddressRange> ranges, InetAddress host) {
        return ranges.stream().anyMatch(range -> range.contains(host));
    }

    private List<String> fitting(Predicate<SourceSettings> fits) {
        return tenants.entrySet().stream()
                .filter(tenant -> fits.test(tenant.getValue().sources()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
