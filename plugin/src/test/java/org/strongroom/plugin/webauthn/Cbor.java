package org.strongroom.plugin.webauthn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** As much of RFC 8949 as a security key writes: numbers, bytes, texts, maps in the order given. */
final class Cbor {
    private Cbor() {}

    static byte[] of(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(value, out);
        return out.toByteArray();
    }

    private static void write(Object value, ByteArrayOutputStream out) {
        if (value instanceof Integer number) {
            head(number < 0 ? 1 : 0, number < 0 ? -1 - number : number, out);
        } else if (value instanceof byte[] bytes) {
            head(2, bytes.length, out);
            out.writeBytes(bytes);
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            head(3, bytes.length, out);
            out.writeBytes(bytes);
        } else if (value instanceof Map<?, ?> map) {
            head(5, map.size(), out);
            map.forEach((key, each) -> {
                write(key, out);
                write(each, out);
            });
        } else {
            throw new IllegalArgumentException("not written here: " + value.getClass());
        }
    }

    private static void head(int major, int argument, ByteArrayOutputStream out) {
        int type = major << 5;
        if (argument < 24) {
            out.write(type | argument);
        } else if (argument < 256) {
            out.write(type | 24);
            out.write(argument);
        } else {
            out.write(type | 25);
            out.write(argument >>> 8);
            out.write(argument);
        }
    }
}
