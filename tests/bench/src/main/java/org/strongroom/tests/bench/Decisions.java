package org.strongroom.tests.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantSettings;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.OrthancOwnership;
import org.strongroom.plugin.tenancy.StudyTenants;

/** How long it takes to decide whether somebody may ask for a study, where whose it is is in memory; half of them are another's. */
record Decisions(Plan plan, Figures figures) {
    private static final int WARM = 200_000;
    private static final int COUNTED = 500_000;
    private static final List<String> BELOW = List.of("", "/archive", "/metadata/LastUpdate", "/labels", "/module");
    private static final List<String> TENANTS = List.of("north", "south");

    void run() {
        StudyTenants studies = new StudyTenants();
        String[] ids = new String[plan.studies()];
        for (int i = 0; i < ids.length; i++) {
            byte[] patient = ("P" + i).getBytes(StandardCharsets.US_ASCII);
            byte[] uid = ("1.2." + i).getBytes(StandardCharsets.US_ASCII);
            studies.claim(TENANTS.get(i % TENANTS.size()), UUID.randomUUID(), Set::of, patient, uid);
            ids[i] = OrthancId.ofStudy(patient, uid).iterator().next();
        }
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Tenants": {
                  "north": {"Sources": {"AETs": ["NORTH"]}}, "south": {"Sources": {"AETs": ["SOUTH"]}}},
                  "Access": {}}}""");
        Map<String, TenantSettings> tenants = settings.tenants();
        Ownership ownership =
                new OrthancOwnership(new Unasked(), studies, job -> Optional.empty(), tenants, false, Set::of);
        Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, List.of()), tenants.keySet(), ownership);
        Principal north =
                Roles.of(settings.access()).principal("rad", List.of("north"), List.of("radiologist"), List.of());
        SplittableRandom random = new SplittableRandom(1);
        long[] nanos = new long[COUNTED];
        int allowed = 0;
        for (int i = -WARM; i < COUNTED; i++) {
            String path = "/studies/" + ids[random.nextInt(ids.length)] + BELOW.get(random.nextInt(BELOW.size()));
            long begun = System.nanoTime();
            Decision decision = access.decide(north, HttpMethod.GET, path, List.of());
            long took = System.nanoTime() - begun;
            allowed += decision instanceof Decision.Deny ? 0 : 1;
            if (i >= 0) {
                nanos[i] = took;
            }
        }
        if (allowed < (WARM + COUNTED) / 3 || allowed > 2 * (WARM + COUNTED) / 3) {
            throw new IllegalStateException("not half of the studies were the caller's: " + allowed);
        }
        Arrays.sort(nanos);
        figures.put("access.decision.median.us", nanos[COUNTED / 2] / 1000.0);
        figures.put("access.decision.p99.us", nanos[COUNTED / 100 * 99] / 1000.0);
        Terminal.progress("decisions");
    }

    /** Of a study nothing has to be asked. */
    private static final class Unasked implements OrthancApi {
        @Override
        public byte[] get(String uri) {
            throw asked(uri);
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            throw asked(uri);
        }

        @Override
        public void put(String uri, byte[] body) {
            throw asked(uri);
        }

        @Override
        public void delete(String uri) {
            throw asked(uri);
        }

        private static IllegalStateException asked(String uri) {
            return new IllegalStateException("the cache is not warm: " + uri);
        }
    }
}
