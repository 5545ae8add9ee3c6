package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The clear header of a sealed file (format.md §3.1). Not secret; every bit of it is bound into the sealing context of head
 * and body. Immutable.
 *
 * @param installation the installation that sealed it
 * @param attachment Orthanc's attachment uuid
 * @param tenant random id of the tenant
 * @param key random id of the study key (or of the attachment's own key)
 * @param seriesTag 16 bytes, keyed hash of the SeriesInstanceUID; zeros if there is none
 * @param order position in the series (InstanceNumber), an unsigned 32-bit number
 * @param contentType Orthanc's content type: 1 DICOM, 2 JSON, 3 DICOM until PixelData, 0 anything else
 * @param plainSize bytes Orthanc gave us, 0 or more
 * @param headPlainSize bytes before PixelData; 0 if the attachment has no head
 * @param headStoredSize bytes of the encoded head before sealing
 * @param headCodec how the head is encoded
 * @param imageLayout geometry for the image codec, or null if the body holds no native pixels
 */
public record SealedHeader(
        UUID installation,
        UUID attachment,
        UUID tenant,
        UUID key,
        Tag16 seriesTag,
        int order,
        int contentType,
        long plainSize,
        int headPlainSize,
        int headStoredSize,
        HeadCodec headCodec,
        ImageLayout imageLayout) {

    /** Bytes of the fixed part; parameters follow. */
    public static final int FIXED_SIZE = 116;
    /** No version 1 header is longer than this. */
    public static final int MAX_SIZE = FIXED_SIZE + ImageLayout.SIZE;
    /** Heads longer than this are not split off: the file is one opaque body. */
    public static final int MAX_HEAD_SIZE = 4 << 20;

    static final int MAGIC = 0x53545247; // "STRG"
    static final byte VERSION = 1;
    private static final byte BODY_CODEC_BLOCKS = 1;
    private static final int DICOM = 1;

    public SealedHeader {
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(attachment, "attachment");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(seriesTag, "seriesTag");
        Objects.requireNonNull(headCodec, "headCodec");
        if (plainSize < 0 || headPlainSize < 0 || headPlainSize > plainSize || headPlainSize > MAX_HEAD_SIZE) {
            throw new IllegalArgumentException("head " + headPlainSize + " of " + plainSize + " bytes");
        }
        if (headStoredSize < 0 || headStoredSize > headPlainSize) {
            throw new IllegalArgumentException("stored head " + headStoredSize + " of " + headPlainSize + " bytes");
        }
    }

    /**
     * Whether it is the DICOM file of an instance, which Orthanc takes back. It makes type 3 anew from that file; given back
     * itself, it would be an image without pixels.
     */
    public boolean isDicom() {
        return contentType == DICOM;
    }

    /** Bytes of {@link #encode}. */
    public int size() {
        return FIXED_SIZE + (imageLayout == null ? 0 : ImageLayout.SIZE);
    }

    /** Bytes of the sealed head message that follows the header; 0 if there is no head. */
    public long headMessageSize() {
        return headPlainSize == 0 ? 0 : Cobblestone.messageSize(headStoredSize);
    }

    /** Where the sealed body message starts in the file: header and head message together are the <em>head piece</em>. */
    public long headPieceSize() {
        return size() + headMessageSize();
    }

    /** Bytes from PixelData (or the start) to the end, as Orthanc gave them. */
    public long bodyPlainSize() {
        return plainSize - headPlainSize;
    }

    /** The bytes of format.md §3.1. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(size());
        out.putInt(MAGIC).put(VERSION).put((byte) 0).putShort((short) size());
        put(out, installation);
        put(out, attachment);
        put(out, tenant);
        put(out, key);
        out.put(seriesTag.toBytes());
        out.putInt(order).putInt(contentType).putLong(plainSize);
        out.putInt(headPlainSize).putInt(headStoredSize);
        out.put((byte) headCodec.code()).put(BODY_CODEC_BLOCKS);
        out.putShort((short) (imageLayout == null ? 0 : ImageLayout.SIZE));
        if (imageLayout != null) {
            imageLayout.put(out);
        }
        return out.array();
    }

    /** How long the header is whose first 8 bytes are these. */
    public static int sizeOf(byte[] firstEightBytes) {
        ByteBuffer in = ByteBuffer.wrap(firstEightBytes, 0, 8);
        if (in.getInt() != MAGIC) {
            throw corrupt("not a sealed file");
        }
        int version = in.get();
        if (version != VERSION) {
            throw corrupt("unknown sealed file version").with("version", version);
        }
        if (in.get() != 0) {
            throw corrupt("unknown sealed file flags");
        }
        int size = Short.toUnsignedInt(in.getShort());
        if (size != FIXED_SIZE && size != MAX_SIZE) {
            throw corrupt("impossible sealed header length").with("length", size);
        }
        return size;
    }

    /**
     * Reads a header. Only what {@link #encode} can write is accepted, so decoding and encoding give the same bytes.
     *
     * @param bytes at least the whole header; what follows is ignored
     * @throws StrongroomException CORRUPT if these bytes are no version 1 header
     */
    public static SealedHeader decode(byte[] bytes) {
        if (bytes.length < FIXED_SIZE) {
            throw corrupt("sealed file is shorter than its header").with("length", bytes.length);
        }
        int size = sizeOf(bytes);
        if (bytes.length < size) {
            throw corrupt("sealed file is shorter than its header").with("length", bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 8, size - 8);
        try {
            UUID installation = uuid(in);
            UUID attachment = uuid(in);
            UUID tenant = uuid(in);
            UUID key = uuid(in);
            byte[] tag = new byte[16];
            in.get(tag);
            int order = in.getInt();
            int contentType = in.getInt();
            long plainSize = in.getLong();
            int headPlainSize = in.getInt();
            int headStoredSize = in.getInt();
            HeadCodec headCodec = HeadCodec.of(in.get());
            if (in.get() != BODY_CODEC_BLOCKS) {
                throw corrupt("unknown body codec");
            }
            int parameters = Short.toUnsignedInt(in.getShort());
            if (parameters != size - FIXED_SIZE) {
                throw corrupt("sealed header lengths disagree").with("parameters", parameters);
            }
            ImageLayout layout = parameters == 0 ? null : ImageLayout.get(in);
            SealedHeader header = new SealedHeader(
                    installation,
                    attachment,
                    tenant,
                    key,
                    new Tag16(tag),
                    order,
                    contentType,
                    plainSize,
                    headPlainSize,
                    headStoredSize,
                    headCodec,
                    layout);
            if (!Arrays.equals(header.encode(), 0, size, bytes, 0, size)) {
                throw corrupt("sealed header has bits that mean nothing");
            }
            return header;
        } catch (IllegalArgumentException e) {
            throw corrupt("sealed header holds an impossible value").causedBy(e);
        }
    }

    static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static UUID uuid(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
