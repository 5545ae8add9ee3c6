package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One tier: a directory, an S3 bucket or an Azure container. Immutable. */
public record TierSettings(
        @Setting(
                        text = "Folder, usually on another machine or disk that is mounted here.",
                        otherwise = "another kind of tier")
                Optional<Path> directory,
        @Setting(text = "Let a folder on Home's own file system count as a copy. For trials only.", byDefault = "false")
                boolean allowSameDisk,
        @Setting(text = "A bucket in a store that speaks S3.", otherwise = "another kind of tier")
                Optional<S3Settings> s3,
        @Setting(text = "A container in Azure Blob Storage.", otherwise = "another kind of tier")
                Optional<AzureSettings> azure,
        @Setting(
                        text = "Moves old packs of this S3 or Azure tier to an archive class.",
                        otherwise = "nothing is archived")
                Optional<ArchiveSettings> archive,
        @Setting(text = "Whose law holds where the tier is, for example \"EU\".", otherwise = "unknown")
                Optional<String> jurisdiction,
        @Setting(text = "Who runs the tier; shown in reports.", otherwise = "unknown") Optional<String> provider,
        @Setting(
                        text =
                                "That whoever runs the tier may hold patients' data (a business associate agreement, a processor's"
                                        + " contract), or who has decided that none is needed.",
                        otherwise = "none is recorded")
                Optional<AgreementSettings> agreement) {
    public TierSettings {
        long kinds = Stream.of(directory, s3, azure).filter(Optional::isPresent).count();
        if (kinds != 1) {
            String found = kinds == 0 ? "no kind" : kinds == 2 ? "two kinds" : "three kinds";
            Problems.check(
                    problems -> problems.add("Directory", found + ": write exactly one of Directory, S3 and Azure"));
        }
        Optional<ArchiveSettings> old = archive;
        Set<String> classes = classes(s3.isPresent(), azure.isPresent());
        Problems.check(problems -> old.map(ArchiveSettings::storageClass)
                .filter(name -> !classes.contains(name))
                .ifPresent(name -> problems.add(
                        "Archive",
                        classes.isEmpty()
                                ? "a Directory has no archive class: remove it"
                                : "\"" + name + "\" is no archive class here: write " + String.join(" or ", classes))));
        if (allowSameDisk && directory.isEmpty()) {
            Problems.check(problems -> problems.add("AllowSameDisk", "only for a Directory: remove it"));
        }
    }

    private static Set<String> classes(boolean s3, boolean azure) {
        Set<String> known = new TreeSet<>();
        if (s3) {
            known.addAll(S3Settings.ARCHIVES);
        }
        if (azure) {
            known.add("Archive");
        }
        return known;
    }
}
