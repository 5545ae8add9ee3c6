package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One user. A password is never here: only the name of the file or variable that holds it. Immutable. */
public record UserSettings(
        @Setting(text = "Tenants whose studies the user works with.", otherwise = "none") List<String> tenants,
        @Setting(text = "What the user may do there.", otherwise = "nothing") List<String> roles,
        @Setting(
                        text = "File with the password (its first line). Readable by Orthanc's user only.",
                        otherwise = "another source",
                        silent = true)
                Optional<Path> passwordFile,
        @Setting(
                        text = "Name of the environment variable that holds the password.",
                        otherwise = "another source",
                        silent = true)
                Optional<String> passwordEnv,
        @Setting(
                        text = "File with the password's Argon2id hash ($argon2id$…), its first line.",
                        otherwise = "another source",
                        silent = true)
                Optional<Path> passwordHashFile,
        @Setting(
                        text = "Name of the environment variable that holds the password's Argon2id hash.",
                        otherwise = "another source",
                        silent = true)
                Optional<String> passwordHashEnv,
        @Setting(
                        text = "The user's name as ReferringPhysicianName in the studies, in every spelling in use, for"
                                + " example \"DOE^JANE\". Who has the role referrer sees only these patients.",
                        otherwise = "none")
                List<String> referringPhysician,
        @Setting(
                        text =
                                "Titles (AET) of DICOM workstations that ask and fetch in this user's name. Refused until"
                                        + " somebody can ask so.",
                        otherwise = "none: they have the rights of their tenant's radiologists")
                List<String> aETs) {
    public UserSettings {
        tenants = List.copyOf(tenants);
        roles = List.copyOf(roles);
        referringPhysician = List.copyOf(referringPhysician);
        aETs = List.copyOf(aETs);
        long sources = Stream.of(passwordFile, passwordEnv, passwordHashFile, passwordHashEnv)
                .filter(Optional::isPresent)
                .count();
        List<String> titles = aETs;
        Stream<String> variables = Stream.of(passwordEnv, passwordHashEnv).flatMap(Optional::stream);
        boolean named = variables.allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"));
        Problems.check(problems -> {
            if (sources > 1) {
                problems.add("PasswordFile", "several sources of one password: remove all but one");
            }
            if (!named) {
                problems.add("PasswordEnv", "no name of a variable: write the name, for example PASSWORD_JANE");
            }
            AeTitles.check(problems, "AETs", titles);
        });
    }
}
