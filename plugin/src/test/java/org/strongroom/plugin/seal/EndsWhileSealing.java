package org.strongroom.plugin.seal;

import java.nio.file.Path;

/** A process that ends itself while four threads seal. Arguments: the library, and {@code exit} or {@code halt}. */
final class EndsWhileSealing {
    private EndsWhileSealing() {}

    public static void main(String[] arguments) throws InterruptedException {
        OpenSslChunks.load(Path.of(arguments[0]));
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(EndsWhileSealing::seal);
            thread.setDaemon(true);
            thread.start();
        }
        Thread.sleep(500);
        if (arguments[1].equals("halt")) {
            Runtime.getRuntime().halt(7);
        }
        System.exit(7);
    }

    private static void seal() {
        OpenSslChunks cipher = new OpenSslChunks(new byte[32]);
        byte[] plain = new byte[16_384];
        while (true) {
            cipher.seal(new byte[12], plain, 0, plain.length, new byte[16_400]);
        }
    }
}
