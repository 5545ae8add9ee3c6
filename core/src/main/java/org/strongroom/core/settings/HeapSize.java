package org.strongroom.core.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The heap of the Java machine in Orthanc, as the loader reads it before Java runs (plugin/src/main/c/settings.c): {@code
 * "160 MB"}, {@code "2 GB"}.
 *
 * @param mebibytes 128 to 65536: a passphrase takes 64 to become a key, in a heap of 96
 */
public record HeapSize(int mebibytes) {
    static final String PATTERN = "^[0-9]{1,5} ?(MB|GB|MiB|GiB)$";
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,5}) ?([MG])i?B");
    private static final int SMALLEST = 128;
    private static final int LARGEST = 64 << 10;
    private static final String HINT = "write a whole number of MB or GB from 128 MB to 64 GB, for example \"160 MB\"";

    public HeapSize {
        if (mebibytes < SMALLEST || mebibytes > LARGEST) {
            throw new IllegalArgumentException(HINT);
        }
    }

    /**
     * Reads a number and its unit; MB and MiB are the same, as for Java's {@code -Xmx}.
     *
     * @throws IllegalArgumentException that says how to write it
     */
    public static HeapSize parse(String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(HINT);
        }
        int number = Integer.parseInt(parts.group(1));
        return new HeapSize(parts.group(2).equals("G") ? number << 10 : number);
    }

    @Override
    public String toString() {
        return mebibytes % 1024 == 0 ? mebibytes / 1024 + " GB" : mebibytes + " MB";
    }
}
