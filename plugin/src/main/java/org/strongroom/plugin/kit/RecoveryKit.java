package org.strongroom.plugin.kit;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;

/** Splits the recovery private key among people, and puts it together again: Shamir over GF(256) (format.md §8.1). Stateless. */
public final class RecoveryKit {
    /** More could not be told apart on paper in an emergency. */
    public static final int MOST_SHARES = 99;
    /** So many choices of shares are tried to find a wrong one: five of eight are 56. */
    private static final int MOST_CHOICES = 10_000;

    private RecoveryKit() {}

    /**
     * New shares of {@code secret}, of which any {@code need} give it, and fewer say nothing about it.
     *
     * @param need at least 2, at most {@code shares}
     * @param shares at most {@link #MOST_SHARES}
     */
    public static List<Share> split(Key32 secret, int fingerprint, int need, int shares, SecureRandom random) {
        if (need < 2 || need > shares || shares > MOST_SHARES) {
            throw new IllegalArgumentException(need + " of " + shares);
        }
        int kit = random.nextInt(1 << 24);
        byte[] plain = secret.toBytes();
        try {
            ShamirSplitSecretShare[] split =
                    splitter(random).resplit(plain, need, shares).getSecretShares();
            List<Share> all = new ArrayList<>();
            for (int i = 0; i < shares; i++) {
                all.add(new Share(fingerprint, kit, need, i + 1, Key32.of(split[i].getEncoded())));
            }
            return all;
        } catch (IOException e) {
            throw new IllegalStateException("shares in memory are not read from anywhere", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static ShamirSecretSplitter splitter(SecureRandom random) {
        return ShamirSecretSplitter.getInstance(ShamirSecretSplitter.Algorithm.AES, Key32.SIZE, random);
    }

    /**
     * The secret, of shares by what they were read from. More than are needed must all fit.
     *
     * @throws StrongroomException REFUSED if shares of several kits are mixed, one is there twice, or there are too few, saying
     *     which; or if a share that is not needed does not fit the others
     */
    public static Key32 combine(Map<String, Share> shares) {
        requireOneKit(shares);
        Map<Integer, String> numbers = new LinkedHashMap<>();
        shares.forEach((from, share) -> {
            String other = numbers.putIfAbsent(share.number(), from);
            if (other != null) {
                throw refused("share " + share.number() + " is there twice: " + other + " and " + from)
                        .cure("Give another person's share");
            }
        });
        List<Share> all = List.copyOf(shares.values());
        int need = all.isEmpty() ? 2 : all.get(0).need();
        if (all.size() < need) {
            throw refused(
                            all.isEmpty()
                                    ? "no share was given"
                                    : "kit " + all.get(0).kitName() + " needs " + need + " shares, and here are "
                                            + all.size() + ": " + new TreeSet<>(numbers.keySet()))
                    .cure("Give more of its shares");
        }
        Key32 secret = combine(all.subList(0, need));
        List<Share> rotated = new ArrayList<>(all);
        for (int i = need; i < all.size(); i++) {
            Collections.rotate(rotated, 1);
            if (!combine(rotated.subList(0, need)).equals(secret)) {
                throw refused("the shares of kit " + all.get(0).kitName() + " do not fit together")
                        .cure("Leave out one after the other, to find the one that is wrong");
            }
        }
        return secret;
    }

    /**
     * Of shares that {@link #combine} does not take, or that give another secret: those that do not fit, by what they were read from.
     * Empty if no choice of enough shares gives the right secret.
     */
    public static Set<String> misfits(Map<String, Share> shares, Predicate<Key32> isRight) {
        List<String> names = List.copyOf(shares.keySet());
        int need = shares.values().iterator().next().need();
        Set<String> misfits = new TreeSet<>();
        Optional<List<String>> right = right(shares, isRight, names, need, List.of(), new int[] {MOST_CHOICES});
        right.ifPresent(choice -> {
            List<Share> base =
                    choice.subList(0, need - 1).stream().map(shares::get).toList();
            names.stream().filter(name -> !choice.contains(name)).forEach(name -> {
                List<Share> with = new ArrayList<>(base);
                with.add(shares.get(name));
                if (!isRight.test(combine(with))) {
                    misfits.add(name);
                }
            });
        });
        return misfits;
    }

    private static Optional<List<String>> right(
            Map<String, Share> shares,
            Predicate<Key32> isRight,
            List<String> names,
            int need,
            List<String> chosen,
            int[] left) {
        if (chosen.size() == need) {
            boolean right = left[0]-- > 0
                    && isRight.test(combine(chosen.stream().map(shares::get).toList()));
            return right ? Optional.of(chosen) : Optional.empty();
        }
        for (int i = 0; i < names.size() && left[0] > 0; i++) {
            List<String> more = new ArrayList<>(chosen);
            more.add(names.get(i));
            Optional<List<String>> found = right(shares, isRight, names.subList(i + 1, names.size()), need, more, left);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static void requireOneKit(Map<String, Share> shares) {
        Map<String, List<String>> kits = new LinkedHashMap<>();
        shares.forEach((from, share) -> kits.computeIfAbsent(
                        share.kitName() + " (" + share.need() + " needed)", kit -> new ArrayList<>())
                .add(from));
        if (kits.size() > 1) {
            throw refused("the shares are of several kits: " + kits)
                    .cure("Give shares of one kit only: the number of the kit is on each sheet");
        }
    }

    private static Key32 combine(List<Share> shares) {
        ShamirSplitSecretShare[] parts = shares.stream()
                .map(share -> new ShamirSplitSecretShare(share.value().toBytes(), share.number()))
                .toArray(ShamirSplitSecretShare[]::new);
        try {
            byte[] secret = ShamirSplitSecret.getInstance(ShamirSecretSplitter.Algorithm.AES, parts)
                    .getSecret();
            try {
                return Key32.of(Objects.requireNonNull(secret));
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        } catch (IOException e) {
            throw new IllegalStateException("shares in memory are not read from anywhere", e);
        }
    }

    private static StrongroomException refused(String text) {
        return StrongroomException.of(FailureKind.REFUSED, text);
    }
}
