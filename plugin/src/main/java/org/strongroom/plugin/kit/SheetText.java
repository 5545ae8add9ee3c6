package org.strongroom.plugin.kit;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * What a sheet says beside its words; nothing of it is secret. Immutable.
 *
 * @param installation whose images the kit opens
 * @param places where their ciphertext is, as an administrator would write it
 * @param shares of the kit
 * @param made on which day
 */
public record SheetText(UUID installation, List<String> places, int shares, LocalDate made) {
    public SheetText {
        places = List.copyOf(places);
    }

    List<String> paragraphs(Share share) {
        List<String> all = new ArrayList<>();
        all.add("The images of a clinic are kept encrypted. If its server, its building or its passwords are lost, any "
                + share.need() + " of these " + shares
                + " sheets together open them again. One alone opens nothing and tells"
                + " nothing. There is no other way in.");
        all.add(
                "Keep it as you would keep a passport: not in the clinic's building, not in a photograph, not together with"
                        + " another of these sheets. Tell the clinic when you move, and give it back when you leave.");
        all.add("When it is needed: whoever brings the images back gives the words of the sheets, or these files, to"
                + " 'strongroom recover', which makes a working archive of them, or to strongroom-decrypt.py, which comes with"
                + " Strongroom and needs nothing else of it. How it works is written in format.md, section 8.");
        all.add("Installation " + installation + ". Recovery key "
                + HexFormat.of().toHexDigits(share.fingerprint()) + ". Made on " + made + ".");
        for (String place : places) {
            all.add("Ciphertext: " + place);
        }
        return all;
    }

    /** At spaces, to lines of at most {@code width} characters; a longer word goes on in the next line. */
    static List<String> wrap(String paragraph, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : paragraph.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
            for (; line.length() > width; line.delete(0, width)) {
                lines.add(line.substring(0, width));
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
