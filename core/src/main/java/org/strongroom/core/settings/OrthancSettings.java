package org.strongroom.core.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.secret.Secret;

/** Those of Orthanc's own settings that Strongroom obeys or judges; Orthanc's names and defaults. Immutable. */
public record OrthancSettings(
        @Setting(text = "Name shown to users.", byDefault = "MyOrthanc") String name,
        @Setting(text = "Folder of clear files.", byDefault = "OrthancStorage") String storageDirectory,
        @Setting(text = "Folder of the index.", otherwise = "StorageDirectory") Optional<String> indexDirectory,
        @Setting(text = "Folder of temporary files, in clear.", otherwise = "the system's")
                Optional<String> temporaryDirectory,
        @Setting(text = "Whether Orthanc compresses before it stores.", byDefault = "false") boolean storageCompression,
        @Setting(text = "MB after which old patients are deleted; 0 never.", byDefault = "0") int maximumStorageSize,
        @Setting(text = "Patients after which old ones are deleted; 0 never.", byDefault = "0") int maximumPatientCount,
        @Setting(text = "Recycle or Reject.", byDefault = "Recycle") String maximumStorageMode,
        @Setting(text = "Whether a second copy of an instance replaces the first.", byDefault = "false")
                boolean overwriteInstances,
        @Setting(text = "HTTP port.", byDefault = "8042") int httpPort,
        @Setting(text = "HTTP threads.", byDefault = "50") int httpThreadsCount,
        @Setting(text = "Whether other machines may connect by HTTP.", byDefault = "false") boolean remoteAccessAllowed,
        @Setting(text = "Whether HTTP needs a password.", otherwise = "as RemoteAccessAllowed")
                Optional<Boolean> authenticationEnabled,
        @Setting(text = "Users and passwords.", silent = true) Map<String, Secret> registeredUsers,
        @Setting(text = "Whether HTTP is encrypted.", byDefault = "false") boolean sslEnabled,
        @Setting(text = "Oldest version of TLS; 4 is 1.2.", byDefault = "4") int sslMinimumProtocolVersion,
        @Setting(text = "Whether certificates of other servers are checked.", byDefault = "true")
                boolean httpsVerifyPeers,
        @Setting(text = "Whether REST runs scripts.", byDefault = "false") boolean executeLuaEnabled,
        @Setting(text = "Whether REST writes files.", byDefault = "false") boolean restApiWriteToFileSystemEnabled,
        @Setting(text = "Whether logs are free of names.", byDefault = "true") boolean deidentifyLogs,
        @Setting(text = "AET.", byDefault = "ORTHANC") String dicomAet,
        @Setting(text = "DICOM port.", byDefault = "4242") int dicomPort,
        @Setting(text = "Whether anybody may C-ECHO.", byDefault = "true") boolean dicomAlwaysAllowEcho,
        @Setting(text = "Whether anybody may C-STORE.", byDefault = "true") boolean dicomAlwaysAllowStore,
        @Setting(text = "Whether anybody may C-GET.", byDefault = "false") boolean dicomAlwaysAllowGet,
        @Setting(text = "Whether anybody may C-FIND.", byDefault = "false") boolean dicomAlwaysAllowFind,
        @Setting(text = "Whether anybody may ask for worklists.", byDefault = "false")
                boolean dicomAlwaysAllowFindWorklist,
        @Setting(text = "Whether anybody may C-MOVE.", byDefault = "false") boolean dicomAlwaysAllowMove,
        @Setting(text = "Whether callers must name our AET.", byDefault = "false") boolean dicomCheckCalledAet,
        @Setting(text = "Whether a modality must come from its host.", byDefault = "false")
                boolean dicomCheckModalityHost,
        @Setting(text = "Whether DICOM is encrypted.", byDefault = "false") boolean dicomTlsEnabled,
        @Setting(text = "Plugins, files or folders.") List<String> plugins) {
    /** Whether Orthanc deletes studies by itself to make room; before 1.11.2 it does whenever it {@link #isLimited}. */
    public boolean recycles() {
        return !maximumStorageMode.equals("Reject") && isLimited();
    }

    /** Whether Orthanc takes only so many bytes or patients. */
    public boolean isLimited() {
        return maximumStorageSize > 0 || maximumPatientCount > 0;
    }

    /** Whether HTTP requests need a password. */
    public boolean authenticates() {
        return authenticationEnabled.orElse(remoteAccessAllowed);
    }
}
