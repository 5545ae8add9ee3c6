package org.strongroom.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class Key32Test {
    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }

    @Test
    void hasThirtyTwoBytes() {
        assertThatThrownBy(() -> Key32.of(bytes(31))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Key32.of(bytes(33))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Key32.of(bytes(32)).toBytes()).isEqualTo(bytes(32));
    }

    @Test
    void keepsItsOwnCopy() {
        byte[] mine = bytes(32);
        Key32 key = Key32.of(mine);
        mine[0] = 99;
        key.toBytes()[1] = 99;
        assertThat(key.toBytes()).isEqualTo(bytes(32));
    }

    @Test
    void printsNothing() {
        assertThat(Key32.of(bytes(32))).hasToString("***");
        assertThat(Key32.of(bytes(32)).hashCode())
                .isEqualTo(Key32.of(new byte[32]).hashCode());
    }

    @Test
    void equalsByBytes() {
        byte[] other = bytes(32);
        other[31] ^= 1;
        assertThat(Key32.of(bytes(32))).isEqualTo(Key32.of(bytes(32))).isNotEqualTo(Key32.of(other));
        SecureRandom random = new SecureRandom();
        assertThat(Key32.random(random)).isNotEqualTo(Key32.random(random));
    }

    @Test
    void isGoneWhenDestroyed() {
        Key32 key = Key32.of(bytes(32));
        key.destroy();
        assertThat(key.isDestroyed()).isTrue();
        assertThatThrownBy(key::toBytes).isInstanceOf(IllegalStateException.class);
        assertThat(key).isNotEqualTo(Key32.of(new byte[32]));
    }
}
