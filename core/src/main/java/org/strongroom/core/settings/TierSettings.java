package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;

/** One tier: a directory or an S3 bucket. Immutable. */
public record TierSettings(
        @Setting(text = "Folder, usually on another machine or disk that is mounted here.", otherwise = "S3 is used")
                Optional<Path> directory,
        @Setting(text = "Let a folder on Home's own file system count as a copy. For trials only.", byDefault = "false")
                boolean allowSameDisk,
        @Setting(text = "A bucket in a store that speaks S3.", otherwise = "Directory is used")
                Optional<S3Settings> s3) {
    public TierSettings {
        if (directory.isPresent() == s3.isPresent()) {
            String found = s3.isPresent() ? "two kinds" : "no kind";
            Problems.check(problems -> problems.add("Directory", found + ": write exactly one of Directory and S3"));
        }
        if (allowSameDisk && directory.isEmpty()) {
            Problems.check(problems -> problems.add("AllowSameDisk", "only for a Directory: remove it"));
        }
    }
}
