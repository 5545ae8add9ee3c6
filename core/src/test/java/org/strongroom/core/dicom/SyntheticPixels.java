package org.strongroom.core.dicom;

/**
 * Pixels that compress about as real ones do: shapes with smooth insides, sharp edges and noise. Deterministic: the same seed
 * gives the same picture on every machine.
 */
@FunctionalInterface
interface SyntheticPixels {
    /** A sample, before it is cut to the bits allocated; {@code x}, {@code y} from -1 to 1, {@code slice} from 0 on. */
    int at(double x, double y, int slice, int component, int noise);

    /** A body in air: soft tissue, a ring of bone, a spine, lungs; Hounsfield units. */
    SyntheticPixels CT = (x, y, slice, component, noise) -> {
        double radius = Math.hypot(x / 0.9, y / 0.65);
        if (radius > 1) {
            return -1000 + noise / 8;
        }
        boolean spine = Math.hypot(x, y - 0.4) < 0.12;
        boolean lung = Math.hypot((Math.abs(x) - 0.4) / 0.3, (y + 0.05) / (0.4 - slice * 0.002)) < 1;
        int tissue = radius > 0.93 || spine ? 700 : lung ? -850 : 40;
        return tissue + noise / 4;
    };

    /** A head with an uneven coil: grey and white matter that change slowly, dark air with a noise floor. */
    SyntheticPixels MR = (x, y, slice, component, noise) -> {
        double radius = Math.hypot(x / 0.7, y / 0.85);
        double coil = 1.2 - 0.4 * Math.hypot(x - 0.5, y - 0.5);
        double folds = Math.sin(14 * x + slice * 0.1) * Math.cos(11 * y);
        double tissue = radius > 1 ? 0 : radius > 0.92 ? 900 : 420 + 120 * folds;
        return Math.abs((int) (tissue * coil) + noise / 6);
    };

    /** An ultrasound fan in grey with a coloured box of flow. */
    SyntheticPixels COLOUR = (x, y, slice, component, noise) -> {
        boolean fan = Math.abs(x) < (y + 1.1) * 0.55;
        boolean box = Math.abs(x) < 0.25 && Math.abs(y) < 0.3;
        int grey = fan ? Math.max(0, 90 - (int) (40 * y) + noise / 2) : 0;
        int flow = box ? (int) (80 * Math.sin(9 * x + slice)) : 0;
        int tinted = component == 0 ? grey + flow : component == 2 ? grey - flow : grey;
        return Math.max(0, Math.min(255, tinted));
    };

    /** A dose cloud: large smooth numbers. */
    SyntheticPixels DOSE =
            (x, y, slice, component, noise) -> (int) (2_000_000 * Math.exp(-4 * (x * x + y * y)) + noise);
}
