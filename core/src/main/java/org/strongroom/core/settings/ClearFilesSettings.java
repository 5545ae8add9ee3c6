package org.strongroom.core.settings;

/** What becomes of the files that Orthanc stored itself before Strongroom. Immutable. */
public record ClearFilesSettings(
        @Setting(
                        text =
                                "Seal, in the background, what is in StorageDirectory in clear from the time before Strongroom;"
                                        + " a clear file is removed when its sealed one was read back and is the same. If false,"
                                        + " only what Orthanc deletes is sealed; the rest stays readable, in clear.",
                        byDefault = "true")
                boolean seal) {}
