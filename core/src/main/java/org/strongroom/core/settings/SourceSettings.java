package org.strongroom.core.settings;

import java.util.List;

/** What tells that an image, or a caller, is a tenant's: the first of these that says something. Immutable. */
public record SourceSettings(
        @Setting(
                        text =
                                "Titles (AET) of the tenant's modalities and workstations: what they send is the tenant's.",
                        otherwise = "none")
                List<String> aETs,
        @Setting(
                        text =
                                "Addresses of modalities that may send for the tenant, for example \"10.1.0.0/16\": the Host"
                                        + " that DicomModalities give a sender, written as an address; asked if no title"
                                        + " decided.",
                        otherwise = "none")
                List<AddressRange> addresses,
        @Setting(
                        text =
                                "Titles under which Orthanc itself is called for this tenant. Refused until an Orthanc tells"
                                        + " them.",
                        otherwise = "none")
                List<String> calledAETs,
        @Setting(
                        text = "Users whose uploads are the tenant's although they belong to several tenants.",
                        otherwise = "each user's own tenant")
                List<String> users,
        @Setting(
                        text = "Values of DICOM tags, for example \"InstitutionName=North Hospital\"; a star at the end"
                                + " stands for anything. Of what a modality of no tenant sends, asked if nothing above decided;"
                                + " docs/access.md lists the tags.",
                        otherwise = "none")
                List<TagMatch> tags) {
    public SourceSettings {
        aETs = List.copyOf(aETs);
        addresses = List.copyOf(addresses);
        calledAETs = List.copyOf(calledAETs);
        users = List.copyOf(users);
        tags = List.copyOf(tags);
        List<String> callers = aETs;
        List<String> called = calledAETs;
        Problems.check(problems -> {
            AeTitles.check(problems, "AETs", callers);
            AeTitles.check(problems, "CalledAETs", called);
        });
    }

    /** Whether nothing is named. */
    boolean isEmpty() {
        return aETs.isEmpty() && addresses.isEmpty() && calledAETs.isEmpty() && users.isEmpty() && tags.isEmpty();
    }
}
