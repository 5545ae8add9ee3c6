package org.strongroom.plugin.dimse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sub-operation of a C-MOVE, as the text that is remembered for it meanwhile.
 *
 * @param sent how many images of the study were sent before
 * @param total how many of the study are moved
 * @param key what the audit log calls the study
 * @param images that are sent in this step; none if an earlier one has sent its image as well
 */
record Step(int sent, int total, String key, List<String> images) {
    private static final int MOST_TOGETHER = 50;
    private static final int GROWTH = 4;
    /** Nothing is left to do in it. */
    static final String DONE = "done";

    private static final int WORDS = 3;

    Step {
        images = List.copyOf(images);
    }

    /**
     * A step for each image of a study. The first goes alone and then more and more together: whoever has asked hears of it after each
     * step only, and does not wait for ever for the first.
     */
    static List<String> of(String key, List<String> images) {
        List<String> steps = new ArrayList<>();
        int together = 1;
        int at = 0;
        while (at < images.size()) {
            List<String> some = images.subList(at, Math.min(images.size(), at + together));
            steps.add(at + " " + images.size() + " " + key + " " + String.join(" ", some));
            some.stream().skip(1).forEach(image -> steps.add(DONE));
            at += some.size();
            together = Math.min(MOST_TOGETHER, together * GROWTH);
        }
        return steps;
    }

    static Step parse(String text) {
        if (text.equals(DONE)) {
            return new Step(0, 0, "", List.of());
        }
        List<String> words = Arrays.asList(text.split(" ", -1));
        return new Step(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                words.get(2),
                words.subList(WORDS, words.size()));
    }
}
