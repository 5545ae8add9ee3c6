package org.strongroom.core.dicom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the elements of one data set up to its pixels (PS3.5 §7). Nested data sets are stepped over, never kept. Ends at the
 * first thing that makes no sense; what was read before stays. Work and memory are bounded by {@link #MAX_ELEMENTS}, {@link
 * #MAX_DEPTH} and {@link #MAX_VALUE}, whatever the lengths in the bytes claim.
 */
final class ElementReader {
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int MAX_ELEMENTS = 10_000_000;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUE = 1024;
    private static final int DELIMITERS = 0xFFFE;

    private final Window in;
    private final Encoding encoding;
    private long position;
    private int elements;

    ElementReader(Window in, long position, Encoding encoding) {
        this.in = in;
        this.position = position;
        this.encoding = encoding;
    }

    private record Element(int tag, VR vr, long offset, long valueOffset, long length) {
        int group() {
            return tag >>> 16;
        }

        boolean undefined() {
            return length == UNDEFINED;
        }
    }

    /** Reads elements of group 2 only (PS3.10 §7.1); {@link #position} is then the start of the data set. */
    String readMeta() throws IOException {
        String transferSyntax = "";
        while (in.has(position, 8) && in.u16(position, false) == 2) {
            Element element = header(encoding);
            if (element == null || !stepOver(element, encoding, 0)) {
                break;
            }
            if (element.tag == Tag.TransferSyntaxUID && transferSyntax.isEmpty()) {
                transferSyntax = text(in.bytes(element.valueOffset, (int) Math.min(element.length, 64)));
            }
        }
        return transferSyntax;
    }

    long position() {
        return position;
    }

    /** Keeps the wanted attributes of the top level; the pixels, or null if they were not reached. */
    PixelElement readDataset(Attributes kept) throws IOException {
        while (true) {
            Element element = header(encoding);
            if (element == null) {
                return null;
            }
            if (Tag.isPixels(element.tag)) {
                return new PixelElement(
                        element.tag,
                        element.offset,
                        element.valueOffset,
                        element.undefined() ? PixelElement.ENCAPSULATED : element.length);
            }
            if (Integer.compareUnsigned(element.tag, Tag.PixelData) > 0) {
                return null; // elements are in order: no pixels
            }
            if (!stepOver(element, encoding, 0)) {
                return null;
            }
            if (Tag.isKept(element.tag) && element.length <= MAX_VALUE) {
                kept.putIfAbsent(element.tag, in.bytes(element.valueOffset, (int) element.length));
            }
        }
    }

    private static String text(byte[] uid) {
        return new String(uid, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }

    /** The element that starts here, its value not yet stepped over; null if there is none that can be understood. */
    private Element header(Encoding syntax) throws IOException {
        if (++elements > MAX_ELEMENTS || !in.has(position, 8)) {
            return null;
        }
        long offset = position;
        int tag = in.tag(offset, syntax.big);
        if (!syntax.explicit || tag >>> 16 == DELIMITERS) {
            return element(tag, null, offset, 8, in.u32(offset + 4, syntax.big));
        }
        int first = in.u8(offset + 4);
        int second = in.u8(offset + 5);
        VR vr = VR.of(first, second);
        if (!VR.isLongForm(first, second)) {
            return element(tag, vr, offset, 8, in.u16(offset + 6, syntax.big));
        }
        return in.has(offset, 12) ? element(tag, vr, offset, 12, in.u32(offset + 8, syntax.big)) : null;
    }

    private Element element(int tag, VR vr, long offset, int headerBytes, long length) {
        position = offset + headerBytes;
        return new Element(tag, vr, offset, position, length);
    }

    private boolean stepOver(Element element, Encoding syntax, int depth) throws IOException {
        if (!element.undefined()) {
            return skip(element.length);
        }
        // PS3.5 §6.2.2 note 4: an UN of undefined length holds implicit little endian, whatever is around it.
        Encoding nested = element.vr == VR.UN ? Encoding.IMPLICIT_LITTLE : syntax;
        return depth < MAX_DEPTH && skipItems(nested, depth + 1);
    }

    private boolean skip(long length) {
        if (!in.has(position, length)) {
            return false;
        }
        position += length;
        return true;
    }

    private boolean skipItems(Encoding syntax, int depth) throws IOException {
        while (true) {
            Element item = header(syntax);
            if (item == null) {
                return false;
            }
            if (item.tag == Tag.SequenceDelimitationItem) {
                return true;
            }
            if (item.tag != Tag.Item || !(item.undefined() ? skipOpenItem(syntax, depth) : skip(item.length))) {
                return false;
            }
        }
    }

    private boolean skipOpenItem(Encoding syntax, int depth) throws IOException {
        while (true) {
            Element element = header(syntax);
            if (element == null) {
                return false;
            }
            if (element.group() == DELIMITERS) {
                return element.tag == Tag.ItemDelimitationItem;
            }
            if (!stepOver(element, syntax, depth)) {
                return false;
            }
        }
    }
}
