package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code "Strongroom"} section. Immutable; holds paths of secrets, never a secret. A constructor that is given something
 * illegal throws a REFUSED {@link org.strongroom.core.error.StrongroomException} that names the setting and the cure.
 */
public record Settings(
        @Setting(
                        text = "Folder for everything Strongroom keeps on this machine: sealed files, keys (wrapped),"
                                + " journal, ledger. On a disk of its own, owned by the user that runs Orthanc.")
                Path home,
        @Setting(text = "What opens the keys. Exactly one source.") RootKeySettings rootKey,
        @Setting(text = "When people are reminded of the recovery kit, and of trying a recovery.")
                RecoveryKitSettings recoveryKit,
        @Setting(
                        text = "Places that keep copies of the ciphertext, by a name of your choice (lower-case"
                                + " letters, digits, hyphens). Without any, studies are sealed on this machine"
                                + " only and never evicted.")
                Map<String, TierSettings> tiers,
        @Setting(
                        text = "How many tiers must hold a verified copy before local bytes may be evicted.",
                        otherwise = "all tiers",
                        min = 1)
                OptionalInt copies,
        @Setting(
                        text = "Studies go to no tier without an Agreement that is recorded and has not ended. What"
                                + " is there is still read.",
                        byDefault = "false")
                boolean requireAgreements,
        @Setting(
                        text = "Those who share this Orthanc and must not see each other's studies, by a name of your"
                                + " choice (lower-case letters, digits, hyphens). \"clinic\" is the one tenant where"
                                + " nothing else is said.")
                Map<String, TenantSettings> tenants,
        @Setting(text = "Who may see and do what.") AccessSettings access,
        @Setting(
                        text = "Folder on a second disk; it must exist, and be empty at first. An image is"
                                + " acknowledged only when it is durable on both.",
                        otherwise = "no second copy")
                Optional<Path> spoolMirror,
        @Setting(
                        text = "Keep the heads (the DICOM tags) of evicted images on this machine, so that lists"
                                + " never wait for a line.",
                        byDefault = "true")
                boolean keepHeads,
        @Setting(text = "How images are put together into one object per study.") PackSettings pack,
        @Setting(text = "What the line may carry.") UplinkSettings uplink,
        @Setting(text = "When local bytes of received studies are evicted.") CacheSettings cache,
        @Setting(text = "Who is told of problems.") AlertSettings alerts,
        @Setting(text = "What happens when Orthanc deletes.") ForgetSettings forget,
        @Setting(text = "What becomes of the files that Orthanc stored before Strongroom.")
                ClearFilesSettings clearFiles,
        @Setting(text = "How long studies have to be kept.") RetentionSettings retention,
        @Setting(text = "How the tiers' copies are checked.") ScrubSettings scrub,
        @Setting(text = "What else is copied to the tiers, so that a lost machine is back soon.")
                SnapshotSettings snapshots,
        @Setting(text = "The log of who did what.") AuditSettings audit,
        @Setting(text = "How long readers wait for evicted studies.") ReadSettings read,
        @Setting(text = "The service beside Orthanc that ships and fetches.") SidecarSettings sidecar,
        @Setting(text = "The Java machine inside Orthanc.") JavaSettings java,
        @Setting(
                        text = "Accept an Orthanc that deletes old studies by itself (MaximumStorageSize,"
                                + " MaximumPatientCount; before Orthanc 1.11.2 whatever MaximumStorageMode says).",
                        byDefault = "false")
                boolean allowRecycling,
        @Setting(
                        text = "Set TCP_NODELAY for Orthanc's DICOM connections: images arrive several times faster.",
                        byDefault = "true")
                boolean tcpNoDelay) {

    /** Names of tiers, tenants and roles. */
    static final String NAME = "[a-z0-9-]{1,32}";

    /** The one tenant that every installation has. */
    public static final String FIRST_TENANT = "clinic";

    /** Name of the section in Orthanc's configuration. */
    public static final String SECTION = "Strongroom";

    public Settings {
        Map<String, TierSettings> byName = Collections.unmodifiableMap(new LinkedHashMap<>(tiers));
        Map<String, TenantSettings> named = Collections.unmodifiableMap(new LinkedHashMap<>(tenants));
        Path place = home;
        OptionalInt wanted = copies;
        AccessSettings people = access;
        RetentionSettings keeping = retention;
        RootKeySettings source = rootKey;
        Optional<Path> mirror = spoolMirror;
        boolean agreed = requireAgreements;
        Problems.check(problems -> {
            checkTiers(problems, byName, place);
            source.awsKms().ifPresent(kms -> checkApart(problems, kms.credentialsFile(), byName));
            Tenancy.check(problems, named, people);
            Tenancy.checkRules(problems, keeping.rules(), named);
            Residency.check(problems, byName, named, wanted);
            Placing.check(problems, byName, named, wanted);
            if (agreed) {
                byName.forEach((name, tier) -> checkAgreed(problems, name, tier));
            }
            if (wanted.isPresent() && wanted.getAsInt() > byName.size()) {
                problems.add(
                        "Copies", wanted.getAsInt() + " is more than there are tiers: write at most " + byName.size());
            }
            if (mirror.isPresent() && mirror.get().startsWith(place)) {
                problems.add("SpoolMirror", mirror.get() + " is inside Home: write a folder on another disk");
            }
        });
        tiers = byName;
        tenants = named;
    }

    /** Reads the section from Orthanc's whole configuration, merged and substituted (what its SDK hands out). */
    public static Settings parse(String json) {
        return Configuration.parse(json).settings();
    }

    /** The section as {@link #parse} reads it, every setting written out; for {@code run/settings.json}. */
    public String toJson() {
        return SettingsWriter.write(this);
    }

    /** Whose everything is where there is one tenant. */
    public String firstTenant() {
        return tenants.keySet().stream().findFirst().orElse(FIRST_TENANT);
    }

    /** Names of the tenants that say themselves where their studies go, or how many copies they need. */
    public Set<String> placedTenants() {
        return tenants.entrySet().stream()
                .filter(tenant -> tenant.getValue().isPlaced())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whose law says how long a tenant's studies are kept. */
    public List<String> laws(String tenant) {
        return Optional.ofNullable(tenants.get(tenant))
                .map(TenantSettings::laws)
                .filter(own -> !own.isEmpty())
                .orElse(retention.laws());
    }

    /** How many verified copies a study needs before it may be evicted; 0 if there are no tiers. */
    public int requiredCopies() {
        return copies.orElse(
                (int) tiers.keySet().stream().filter(this::isPermitted).count());
    }

    /** Whether anything says who may see what. If not, no request is looked at, as in an Orthanc without Strongroom. */
    public boolean controlsAccess() {
        return !access.isEmpty()
                || tenants.values().stream()
                        .anyMatch(tenant -> !tenant.sources().isEmpty());
    }

    /** Whether there are several tenants, of whom none may learn what another one has. */
    public boolean keepsTenantsApart() {
        return controlsAccess() && tenants.size() > 1;
    }

    /** Whether what stations ask and are sent by DICOM is recorded, also where there is one tenant. */
    public boolean recordsStations() {
        return audit.stations().orElse(controlsAccess());
    }

    /** Whether every tenant's data may be in this tier. One that is not is never written to. */
    public boolean isPermitted(String tier) {
        return Residency.isPermitted(tiers.get(tier), tenants);
    }

    /** What is allowed but should be known: sentences for the log. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (tiers.isEmpty()) {
            warnings.add("Strongroom.Tiers is empty: studies are sealed, but this machine holds the only copy");
        }
        Tenancy.withoutAnything(tenants, access)
                .forEach(name -> warnings.add("Strongroom.Tenants." + name
                        + " has neither Sources nor a user: nothing new is its, and nobody sees its studies"));
        tiers.forEach((name, tier) -> {
            if (!isPermitted(name)) {
                warnings.add(
                        "Strongroom.Tiers." + name + " is outside the jurisdictions of the tenants: it is not used");
            }
            tier.agreement()
                    .filter(agreement -> agreement.waived().isPresent())
                    .ifPresent(agreement -> warnings.add("Strongroom.Tiers." + name + ".Agreement is " + agreement));
            if (tier.allowSameDisk()) {
                warnings.add("Strongroom.Tiers." + name
                        + ".AllowSameDisk is for trials: a copy on the same disk is lost with it");
            }
        });
        return List.copyOf(warnings);
    }

    /** Whoever has the keys has no credential of a tier. */
    private static void checkApart(Problems problems, Path credentials, Map<String, TierSettings> tiers) {
        tiers.forEach((name, tier) -> tier.s3().ifPresent(s3 -> {
            if (Stream.of(s3.credentialsFile(), s3.deleterCredentialsFile(), s3.auditCredentialsFile())
                    .anyMatch(file -> file.filter(credentials::equals).isPresent())) {
                problems.add(
                        "RootKey.AwsKms.CredentialsFile",
                        "is that of tier \"" + name + "\" as well: keep the key service's in a file of its own");
            }
        }));
    }

    private static void checkAgreed(Problems problems, String name, TierSettings tier) {
        if (tier.agreement().isEmpty()) {
            problems.add(
                    "Tiers." + name + ".Agreement",
                    "missing, and RequireAgreements is true: write With and Until, or Waived and By");
        }
    }

    private static void checkTiers(Problems problems, Map<String, TierSettings> tiers, Path home) {
        Map<Path, String> directories = new LinkedHashMap<>();
        tiers.forEach((name, tier) -> {
            String path = "Tiers." + name;
            if (!Pattern.matches(NAME, name)) {
                problems.add(path, "not a tier's name: use 1 to 32 of a-z, 0-9 and hyphen");
            }
            tier.directory().ifPresent(directory -> {
                String other = directories.put(directory, name);
                if (other != null) {
                    problems.add(
                            path + ".Directory",
                            directory + " is the folder of tier \"" + other + "\" as well: give each tier its own");
                }
                if (directory.startsWith(home) || home.startsWith(directory)) {
                    problems.add(path + ".Directory", directory + " and Home are one inside the other: separate them");
                }
            });
        });
    }
}
