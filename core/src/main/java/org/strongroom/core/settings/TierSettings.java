package org.strongroom.core.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
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
        @Setting(
                        text =
                                "Moves packs of this S3 or Azure tier to classes that are read at once and cost less, the older the"
                                        + " further; from the youngest age on. Keys, journal and heads stay in the class that they were put"
                                        + " into.",
                        otherwise = "packs stay in the class that they were put into")
                List<ClassByAgeSettings> classesByAge,
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
        classesByAge = List.copyOf(classesByAge);
        List<ClassByAgeSettings> ages = classesByAge;
        boolean inAzure = azure.isPresent();
        boolean inStore = inAzure || s3.isPresent();
        Optional<Duration> archived = archive.map(ArchiveSettings::after);
        Problems.check(problems -> checkAges(problems, ages, inStore, inAzure, archived));
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

    /** Without classes by age. */
    public TierSettings(
            Optional<Path> directory,
            boolean allowSameDisk,
            Optional<S3Settings> s3,
            Optional<AzureSettings> azure,
            Optional<ArchiveSettings> archive,
            Optional<String> jurisdiction,
            Optional<String> provider,
            Optional<AgreementSettings> agreement) {
        this(directory, allowSameDisk, s3, azure, archive, List.of(), jurisdiction, provider, agreement);
    }

    private static void checkAges(
            Problems problems,
            List<ClassByAgeSettings> ages,
            boolean inStore,
            boolean inAzure,
            Optional<Duration> archived) {
        if (!inStore && !ages.isEmpty()) {
            problems.add("ClassesByAge", "a Directory has no storage classes: remove it");
            return;
        }
        Set<String> once = new HashSet<>();
        Duration before = Duration.ofNanos(-1);
        for (int i = 0; i < ages.size(); i++) {
            ClassByAgeSettings age = ages.get(i);
            String path = "ClassesByAge[" + i + "].";
            String name = "\"" + age.storageClass() + "\" ";
            if (inAzure && !AzureSettings.READ_AT_ONCE.contains(age.storageClass())) {
                problems.add(
                        path + "StorageClass",
                        name + "cannot be read at once: write Hot, Cool or Cold, or use Archive");
            } else if (S3Settings.ARCHIVES.contains(age.storageClass())) {
                problems.add(path + "StorageClass", name + "cannot be read at once: use the tier's Archive");
            } else if (!once.add(age.storageClass())) {
                problems.add(path + "StorageClass", name + "is there twice: remove one");
            }
            String after = "\"" + Durations.format(age.after()) + "\" ";
            if (age.after().compareTo(before) <= 0) {
                problems.add(path + "After", after + "is not later than the one before: write the youngest age first");
            } else if (archived.filter(then -> age.after().compareTo(then) >= 0).isPresent()) {
                problems.add(path + "After", after + "is not before Archive.After: packs are in the archive by then");
            }
            before = age.after();
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
