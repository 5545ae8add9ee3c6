package org.strongroom.core.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes elements in one of the three encodings, valid or deliberately not. For tests; not thread-safe. */
public final class DicomWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Encoding encoding;

    DicomWriter(Encoding encoding) {
        this.encoding = encoding;
    }

    /** For a data set in this transfer syntax. */
    public static DicomWriter of(String transferSyntax) {
        return new DicomWriter(Encoding.of(transferSyntax));
    }

    /** How a sequence and its items say where they end. */
    public enum Lengths {
        EXPLICIT,
        UNDEFINED
    }

    public DicomWriter text(int tag, String vr, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        byte[] even = java.util.Arrays.copyOf(bytes, bytes.length + bytes.length % 2);
        if (even.length > bytes.length) {
            even[bytes.length] = (byte) (vr.equals("UI") ? 0 : ' ');
        }
        return element(tag, vr, even);
    }

    public DicomWriter us(int tag, int value) {
        return element(
                tag, "US", order(ByteBuffer.allocate(2)).putShort((short) value).array());
    }

    public DicomWriter ul(int tag, long value) {
        return element(
                tag, "UL", order(ByteBuffer.allocate(4)).putInt((int) value).array());
    }

    public DicomWriter element(int tag, String vr, byte[] value) {
        return header(tag, vr, value.length).raw(value);
    }

    /** The element's tag, VR and length, whatever follows. */
    public DicomWriter header(int tag, String vr, long length) {
        tag(tag);
        if (!encoding.explicit) {
            return u32(length);
        }
        raw(vr.getBytes(StandardCharsets.ISO_8859_1));
        return VR.isLongForm(vr.charAt(0), vr.charAt(1)) ? u16(0).u32(length) : u16((int) length);
    }

    /** A sequence with one item per data set. */
    public DicomWriter sequence(int tag, Lengths lengths, List<DicomWriter> items) {
        DicomWriter content = new DicomWriter(encoding);
        for (DicomWriter item : items) {
            content.item(lengths, item.toBytes());
        }
        if (lengths == Lengths.EXPLICIT) {
            return element(tag, "SQ", content.toBytes());
        }
        return header(tag, "SQ", 0xFFFFFFFFL)
                .raw(content.toBytes())
                .tag(Tag.SequenceDelimitationItem)
                .u32(0);
    }

    public DicomWriter item(Lengths lengths, byte[] content) {
        if (lengths == Lengths.EXPLICIT) {
            return tag(Tag.Item).u32(content.length).raw(content);
        }
        return tag(Tag.Item)
                .u32(0xFFFFFFFFL)
                .raw(content)
                .tag(Tag.ItemDelimitationItem)
                .u32(0);
    }

    /** PixelData as fragments behind an empty offset table (PS3.5 §A.4). */
    public DicomWriter fragments(List<byte[]> fragments) {
        header(Tag.PixelData, "OB", 0xFFFFFFFFL).item(Lengths.EXPLICIT, new byte[0]);
        fragments.forEach(fragment -> item(Lengths.EXPLICIT, fragment));
        return tag(Tag.SequenceDelimitationItem).u32(0);
    }

    public DicomWriter tag(int tag) {
        return u16(tag >>> 16).u16(tag & 0xFFFF);
    }

    public DicomWriter u16(int value) {
        return raw(order(ByteBuffer.allocate(2)).putShort((short) value).array());
    }

    public DicomWriter u32(long value) {
        return raw(order(ByteBuffer.allocate(4)).putInt((int) value).array());
    }

    public DicomWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public int size() {
        return out.size();
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    private ByteBuffer order(ByteBuffer buffer) {
        return buffer.order(encoding.big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }
}
