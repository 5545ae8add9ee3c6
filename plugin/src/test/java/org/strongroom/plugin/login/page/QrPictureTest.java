package org.strongroom.plugin.login.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.login.factor.OneTimeCodes;

class QrPictureTest {
    private static final String SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /** Read back as a phone would, from the drawing. */
    @Test
    void anAppReadsThePicture() throws Exception {
        String address = OneTimeCodes.address("North Clinic", "jane@north", SECRET);
        assertThat(address)
                .isEqualTo("otpauth://totp/North%20Clinic:jane%40north?secret=" + SECRET
                        + "&issuer=North%20Clinic&algorithm=SHA1&digits=6&period=30");
        String svg = QrPicture.of(address).html();
        Matcher size = Pattern.compile("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"").matcher(svg);
        assertThat(size.find()).isTrue();
        int width = Integer.parseInt(size.group(1));
        int scale = 4;
        int[] pixels = new int[width * scale * width * scale];
        Arrays.fill(pixels, 0xffffff);
        Matcher dots = Pattern.compile("M([0-9]+) ([0-9]+)h1v1h-1z").matcher(svg);
        while (dots.find()) {
            for (int y = 0; y < scale; y++) {
                int start = (Integer.parseInt(dots.group(2)) * scale + y) * width * scale
                        + Integer.parseInt(dots.group(1)) * scale;
                Arrays.fill(pixels, start, start + scale, 0);
            }
        }
        RGBLuminanceSource image = new RGBLuminanceSource(width * scale, width * scale, pixels);
        assertThat(new QRCodeReader()
                        .decode(new BinaryBitmap(new HybridBinarizer(image)))
                        .getText())
                .isEqualTo(address);
    }
}
