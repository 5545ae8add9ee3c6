package org.strongroom.tests.harness;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.dicom.DicomWriter;
import org.strongroom.core.dicom.UID;

/**
 * A C-GET of a study that takes every image in the transfer syntax it is stored in (PS3.7 §9.1.3, PS3.8 §9.3); DCMTK's getscu offers
 * uncompressed ones only. One association; not thread-safe.
 */
public final class GetScu implements AutoCloseable {
    private static final String STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";
    private static final int PATIENCE_MILLIS = 120_000;
    private static final int NO_DATA_SET = 0x0101;

    private static final int ACCEPT = 2;
    private static final int DATA = 4;
    private static final int RELEASE = 5;
    private static final int COMMAND_FIELD = 0x00000100;
    private static final int MESSAGE_ID = 0x00000110;
    private static final int RESPONDED_TO = 0x00000120;
    private static final int DATA_SET_TYPE = 0x00000800;
    private static final int STATUS = 0x00000900;
    private static final int SOP_CLASS = 0x00000002;
    private static final int SOP_INSTANCE = 0x00001000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    /** Transfer syntax by presentation context. */
    private final Map<Integer, String> contexts = new HashMap<>();

    private final List<byte[]> received = new ArrayList<>();
    /** What is left of the last PDU. */
    private ByteBuffer pdu = ByteBuffer.allocate(0);

    /** A command or a data set; {@code bytes} is all of the buffer. */
    private record Message(int context, ByteBuffer bytes) {}

    private GetScu(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** What is offered for an image. */
    private record Kind(String sopClass, String transferSyntax) {
        static Kind of(byte[] file) {
            return new Kind(meta(file, 0x00020002), meta(file, 0x00020010));
        }

        /** A UID of the meta group (PS3.10 §7.1). */
        private static String meta(byte[] file, int tag) {
            ByteBuffer group = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int at = 132;
            while (tag(group, at) != tag) {
                boolean isLong = file[at + 4] == 'O';
                at += isLong ? 12 + group.getInt(at + 8) : 8 + group.getShort(at + 6);
            }
            return ascii(group, at + 8, group.getShort(at + 6));
        }
    }

    /**
     * The images of a study as DICOM files with a meta group of ours.
     *
     * @param images such as may come: their SOP classes and transfer syntaxes are offered
     */
    public static List<byte[]> get(OrthancProcess orthanc, String study, Collection<byte[]> images) {
        try (GetScu scu = new GetScu(orthanc.dicomPort())) {
            scu.associate(images.stream().map(Kind::of).distinct().toList());
            scu.ask(study);
            int status = scu.serve();
            if (status != 0) {
                throw new AssertionError("C-GET ended with status 0x" + Integer.toHexString(status));
            }
            scu.release();
            return scu.received;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void associate(List<Kind> kinds) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0, 1, 0, 0});
        body.writeBytes(ascii("ORTHANC         GET_SCU         "));
        body.writeBytes(new byte[32]);
        body.writeBytes(item(0x10, ascii("1.2.840.10008.3.1.1.1")));
        int id = 1;
        body.writeBytes(context(id, STUDY_ROOT_GET, UID.ImplicitVRLittleEndian));
        for (Kind kind : kinds) {
            id += 2;
            body.writeBytes(context(id, kind.sopClass, kind.transferSyntax));
            contexts.put(id, kind.transferSyntax);
        }
        ByteArrayOutputStream user = new ByteArrayOutputStream();
        user.writeBytes(item(0x51, new byte[] {0, 0, 0x40, 0}));
        user.writeBytes(item(0x52, ascii("2.25.2")));
        kinds.stream().map(Kind::sopClass).distinct().forEach(sopClass -> user.writeBytes(role(sopClass)));
        body.writeBytes(item(0x50, user.toByteArray()));
        send(1, body.toByteArray());
        expect(ACCEPT);
    }

    private static byte[] context(int id, String sopClass, String transferSyntax) {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes(new byte[] {(byte) id, 0, 0, 0});
        context.writeBytes(item(0x30, ascii(sopClass)));
        context.writeBytes(item(0x40, ascii(transferSyntax)));
        return item(0x20, context.toByteArray());
    }

    /** Whoever asks is no SCU of these, but the SCP. */
    private static byte[] role(String sopClass) {
        byte[] uid = ascii(sopClass);
        ByteBuffer role = ByteBuffer.allocate(uid.length + 4).putShort((short) uid.length);
        return item(0x54, role.put(uid).put((byte) 0).put((byte) 1).array());
    }

    private static byte[] item(int type, byte[] value) {
        return ByteBuffer.allocate(value.length + 4)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    private void ask(String study) throws IOException {
        command(
                1,
                implicit()
                        .text(SOP_CLASS, "UI", STUDY_ROOT_GET)
                        .us(COMMAND_FIELD, 0x0010)
                        .us(MESSAGE_ID, 1)
                        .us(0x00000700, 0)
                        .us(DATA_SET_TYPE, 1));
        byte[] keys = implicit()
                .text(0x00080052, "CS", "STUDY")
                .text(0x0020000D, "UI", study)
                .toBytes();
        segment(1, 2, keys);
    }

    /** Takes images until the answer to the C-GET is not "pending" any more: its status. */
    private int serve() throws IOException {
        while (true) {
            Message command = message();
            ByteBuffer fields = command.bytes;
            ByteBuffer dataSet = us(fields, DATA_SET_TYPE) == NO_DATA_SET ? ByteBuffer.allocate(0) : message().bytes;
            if (us(fields, COMMAND_FIELD) == 0x0001) {
                received.add(file(contexts.get(command.context), dataSet));
                command(
                        command.context,
                        implicit()
                                .text(SOP_CLASS, "UI", ui(fields, SOP_CLASS))
                                .us(COMMAND_FIELD, 0x8001)
                                .us(RESPONDED_TO, us(fields, MESSAGE_ID))
                                .us(DATA_SET_TYPE, NO_DATA_SET)
                                .us(STATUS, 0)
                                .text(SOP_INSTANCE, "UI", ui(fields, SOP_INSTANCE)));
            } else if (us(fields, STATUS) >> 8 != 0xFF) {
                return us(fields, STATUS);
            }
        }
    }

    private static byte[] file(String transferSyntax, ByteBuffer dataSet) {
        byte[] meta = explicit()
                .element(0x00020001, "OB", new byte[] {0, 1})
                .text(0x00020010, "UI", transferSyntax)
                .toBytes();
        return explicit()
                .raw(new byte[128])
                .raw(ascii("DICM"))
                .ul(0x00020000, meta.length)
                .raw(meta)
                .raw(bytes(dataSet, 0, dataSet.limit()))
                .toBytes();
    }

    /** A command or a data set, put together from its segments. */
    private Message message() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            if (!pdu.hasRemaining()) {
                pdu = expect(DATA);
            }
            int size = pdu.getInt() - 2;
            int context = pdu.get() & 0xFF;
            int control = pdu.get();
            bytes.writeBytes(bytes(pdu, pdu.position(), size));
            pdu.position(pdu.position() + size);
            if ((control & 2) != 0) {
                return new Message(context, ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    private void command(int context, DicomWriter fields) throws IOException {
        segment(
                context,
                3,
                implicit().ul(0, fields.size()).raw(fields.toBytes()).toBytes());
    }

    private void segment(int context, int control, byte[] bytes) throws IOException {
        send(
                DATA,
                ByteBuffer.allocate(bytes.length + 6)
                        .putInt(bytes.length + 2)
                        .put((byte) context)
                        .put((byte) control)
                        .put(bytes)
                        .array());
    }

    private void release() throws IOException {
        send(RELEASE, new byte[4]);
        expect(RELEASE + 1);
    }

    private void send(int type, byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(6)
                .put((byte) type)
                .put((byte) 0)
                .putInt(body.length)
                .array());
        out.write(body);
        out.flush();
    }

    private ByteBuffer expect(int type) throws IOException {
        int came = in.readUnsignedByte();
        in.readByte();
        byte[] body = in.readNBytes(in.readInt());
        if (came != type) {
            throw new AssertionError("PDU of type " + came + " instead of " + type);
        }
        return ByteBuffer.wrap(body);
    }

    private static int us(ByteBuffer fields, int tag) {
        return fields.getShort(find(fields, tag)) & 0xFFFF;
    }

    private static String ui(ByteBuffer fields, int tag) {
        int value = find(fields, tag);
        return ascii(fields, value, fields.getInt(value - 4));
    }

    /** Where the value begins. */
    private static int find(ByteBuffer fields, int tag) {
        for (int at = 0; at < fields.limit(); at += 8 + fields.getInt(at + 4)) {
            if (tag(fields, at) == tag) {
                return at + 8;
            }
        }
        throw new AssertionError("no " + Integer.toHexString(tag) + " in the command");
    }

    private static int tag(ByteBuffer elements, int at) {
        return (elements.getShort(at) << 16) | (elements.getShort(at + 2) & 0xFFFF);
    }

    private static String ascii(ByteBuffer buffer, int at, int size) {
        return new String(bytes(buffer, at, size), StandardCharsets.US_ASCII).replace("\0", "");
    }

    private static byte[] bytes(ByteBuffer buffer, int at, int size) {
        byte[] bytes = new byte[size];
        buffer.get(at, bytes);
        return bytes;
    }

    private static DicomWriter implicit() {
        return DicomWriter.of(UID.ImplicitVRLittleEndian);
    }

    private static DicomWriter explicit() {
        return DicomWriter.of(UID.ExplicitVRLittleEndian);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
