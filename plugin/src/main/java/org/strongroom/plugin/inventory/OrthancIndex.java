package org.strongroom.plugin.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.Orthanc;

/** {@link IndexApi} of the Orthanc that this plugin runs in. Thread-safe. */
public final class OrthancIndex implements IndexApi {
    private final Orthanc orthanc;

    public OrthancIndex(Orthanc orthanc) {
        this.orthanc = orthanc;
    }

    @Override
    public byte[] get(String uri) {
        return orthanc.restApiGet(uri);
    }

    @Override
    public byte[] find(byte[] query) {
        return orthanc.restApiPost("/tools/find", query);
    }

    @Override
    public boolean findsAttachments() {
        return orthanc.checkVersionAdvanced(1, 12, 5);
    }

    /**
     * Stores a DICOM file as if a modality had sent it, unless Orthanc has the instance: what was overwritten must not come back
     * over what overwrote it.
     *
     * @return the attachment under which Orthanc keeps the instance now: a new one, or the one that it had already
     */
    public Stored store(byte[] dicom) {
        Optional<String> known = known(dicom);
        String instance = known.orElseGet(() -> Answers.read(orthanc.restApiPost("/instances", dicom))
                .path("ID")
                .asText());
        JsonNode file = Answers.read(orthanc.restApiGet("/instances/" + instance + "/attachments/dicom/info"));
        return new Stored(Answers.uuid(file), known.isPresent());
    }

    /**
     * Where Orthanc keeps an instance.
     *
     * @param known whether it had it before
     */
    public record Stored(UUID attachment, boolean known) {}

    /** Every instance with this SOPInstanceUID: more than one if it came under several patients, studies or series. */
    public List<IndexedInstance> instances(String sopInstance) {
        List<IndexedInstance> all = new ArrayList<>();
        byte[] uid = sopInstance.getBytes(StandardCharsets.US_ASCII);
        for (JsonNode found : Answers.read(orthanc.restApiPost("/tools/lookup", uid))) {
            if (found.path("Type").asText().equals("Instance")) {
                instance(found.path("ID").asText()).ifPresent(all::add);
            }
        }
        return all;
    }

    private Optional<IndexedInstance> instance(String id) {
        try {
            String sopClass = Answers.read(orthanc.restApiGet("/instances/" + id + "/metadata?expand"))
                    .path("SopClassUid")
                    .asText("");
            JsonNode file = Answers.read(orthanc.restApiGet("/instances/" + id + "/attachments/dicom/info"));
            return Optional.of(new IndexedInstance(sopClass, Answers.uuid(file)));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty(); // removed meanwhile
            }
            throw e;
        }
    }

    private Optional<String> known(byte[] dicom) {
        try {
            return DicomHeader.read(ByteSource.of(dicom)).stream()
                    .flatMap(header -> OrthancId.ofInstance(header).stream())
                    .filter(this::has)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean has(String instance) {
        try {
            orthanc.restApiGet("/instances/" + instance);
            return true;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Has Orthanc forget the metadata that DICOMweb has attached to a series, and makes again when it is asked for.
     *
     * @param series what Orthanc may call it
     * @throws StrongroomException if Orthanc does not
     */
    public void forgetMetadata(Set<String> series) {
        for (String one : series) {
            try {
                orthanc.restApiDelete("/series/" + one + "/attachments/4301");
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }
}
