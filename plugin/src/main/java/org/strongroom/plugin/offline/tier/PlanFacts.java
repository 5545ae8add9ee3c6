package org.strongroom.plugin.offline.tier;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancZlib;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.export.Destination.Progress;
import org.strongroom.plugin.export.Destination.Sealed;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.retention.RetentionPlan;
import org.strongroom.plugin.seal.SealedReader;

/** What a retention plan has to know of every study that was ever sealed here and not purged: read of its images' heads, here and in the tiers. */
public final class PlanFacts {
    /** Enough of what Orthanc compressed to know its dates. */
    private static final int PREFIX = 1 << 20;

    private PlanFacts() {}

    /**
     * Tells {@code plan} what there is; returns what could not be read, by reason.
     *
     * @param progress told of packs
     */
    public static Map<String, Long> collect(
            RetentionPlan plan,
            TierContents contents,
            Home home,
            Keyring keyring,
            LivingNames living,
            Progress progress)
            throws IOException {
        Map<String, Long> failures = new TreeMap<>();
        new SealedEverywhere(
                        contents,
                        home,
                        key -> !keyring.isDestroyed(key), // what a lock still keeps of it is nothing to anybody
                        attachment -> true,
                        study -> study.attachments() + study.removed(),
                        progress)
                .each(
                        attachment -> true,
                        (header, places) -> {
                            if (plan.count(header, living.isLiving(header.attachment()))) {
                                look(plan, keyring, header, places, failures);
                            }
                        },
                        (study, files, reason) -> {
                            failures.merge(reason, files, Long::sum);
                            study.ifPresentOrElse(
                                    one -> plan.unread(one.key(), one.tenant(), files), plan::unreadOfAnybody);
                        });
        return failures;
    }

    private static void look(
            RetentionPlan plan, Keyring keyring, SealedHeader header, List<Sealed> places, Map<String, Long> failures)
            throws IOException {
        String failure = "its bytes are nowhere";
        for (Sealed place : places) {
            try {
                ByteSource plain =
                        SealedReader.open(place.open(), keyring.installation(), header.attachment(), keyring::keyOf);
                Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(plain, PREFIX);
                Optional<DicomHeader> dicom = DicomHeader.read(inflated.orElse(plain));
                if (dicom.isPresent()) {
                    plan.head(header, dicom.get());
                    return;
                }
                failure = "an image is no DICOM file";
            } catch (StrongroomException e) {
                failure = e.text();
            } catch (UnreadableFileException e) {
                failure = "the disk does not give its bytes";
            }
        }
        plan.unread(header.key(), header.tenant(), 0);
        failures.merge(failure, 1L, Long::sum);
    }
}
