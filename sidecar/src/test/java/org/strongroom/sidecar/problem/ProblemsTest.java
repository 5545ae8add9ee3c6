package org.strongroom.sidecar.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;

class ProblemsTest {
    private final Problems problems = new Problems();

    private void raise(String name) {
        problems.raise(name, FailureKind.CORRUPT, "damaged", "Check it");
    }

    /** Somebody emptied a bucket; then the disk fills, because nothing can be evicted any more. */
    @Test
    void manyOfOneKindAreBoundedAndHideNoOther() {
        for (int pack = 0; pack < 250; pack++) {
            raise("fetch/near/" + UUID.randomUUID());
        }
        assertThat(problems.standing()).hasSize(200);
        raise("disk");
        raise("fetch/near");
        raise("fetch/far/" + UUID.randomUUID());
        assertThat(problems.standing()).hasSize(203);
        assertThat(problems.byName()).containsKeys("disk", "fetch/near");
    }

    @Test
    void whatStandsIsToldAnewThoughThereAreMany() {
        raise("fetch/near/first");
        for (int pack = 0; pack < 250; pack++) {
            raise("fetch/near/" + pack);
        }
        problems.raise("fetch/near/first", FailureKind.CORRUPT, "gone", "Check it");
        assertThat(problems.byName().get("fetch/near/first").message()).isEqualTo("gone");
        problems.clear("fetch/near/first");
        raise("fetch/near/last");
        assertThat(problems.standing()).hasSize(200);
        assertThat(problems.byName()).containsKey("fetch/near/last");
    }
}
