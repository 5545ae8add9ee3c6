#!/usr/bin/env python3
# Copyright and licence as Strongroom: GPL-3.0-or-later.
"""Opens a Strongroom tier without Strongroom.

A tier is the folder of a directory tier, or a downloaded bucket. Written from format.md alone, whose clauses it cites; it shares no
code with Strongroom. It writes one file per attachment, under the attachment's uuid, and only if every digest, commitment and tag on
the way to it is right. Needs Python 3.9, and from Debian 12 or newer:

    apt install python3-cryptography python3-zstandard python3-argon2      (python3-numpy: faster)

    strongroom-decrypt.py TIER --passphrase FILE --list
    strongroom-decrypt.py TIER --passphrase FILE --out FOLDER

Exit status: 0 all of it was opened; 1 something was refused (the rest was opened); 2 nothing could be begun.
"""
import argparse
import base64
import getpass
import hashlib
import hmac
import json
import os
import re
import struct
import sys
import uuid
import zlib
from pathlib import Path

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

try:
    import numpy
except ImportError:
    numpy = None


class Refused(Exception):
    """Something is not what format.md says, or does not open."""


def need(condition, text):
    if not condition:
        raise Refused(text)


# -- bytes ---------------------------------------------------------------------------------------------------------------------


class Fields:
    """Takes big-endian fields off a byte string, to its last byte."""

    def __init__(self, data, what):
        self.data, self.at, self.what = data, 0, what

    def raw(self, length):
        need(self.at + length <= len(self.data), f"{self.what} ends early")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, length):
        return int.from_bytes(self.raw(length), "big")

    def id(self):
        return uuid.UUID(bytes=self.raw(16))

    def expect(self, constant, what):
        need(self.raw(len(constant)) == constant, f"{self.what}: wrong {what}")

    def end(self):
        need(self.at == len(self.data), f"{self.what} is longer than it should be")


class Span:
    """A range of an open file."""

    def __init__(self, file, start, size):
        self.file, self.start, self.size = file, start, size

    def read(self, offset, length):
        need(0 <= offset and 0 <= length and offset + length <= self.size, "a range is outside of its piece")
        try:
            self.file.seek(self.start + offset)
            data = self.file.read(length)
        except OSError as e:
            raise Refused(f"the file cannot be read: {e.strerror}") from None
        need(len(data) == length, "the file ends early")
        return data

    def sha256(self):
        digest = hashlib.sha256()
        for offset in range(0, self.size, 1 << 20):
            digest.update(self.read(offset, min(1 << 20, self.size - offset)))
        return digest.digest()


class Bytes(Span):
    """A byte string where a range of a file is asked for."""

    def __init__(self, data):
        self.data, self.size = data, len(data)

    def read(self, offset, length):
        need(0 <= offset and 0 <= length and offset + length <= self.size, "a range is outside of its piece")
        return self.data[offset : offset + length]


# -- §2 Cobblestone-256 --------------------------------------------------------------------------------------------------------

CHUNK, TAG, SALT, COMMITMENT = 16384, 16, 24, 32
SUITE = b"c2sp.org/chunked-encryption@v1+" + b"AEAD_AES_256_GCM" + b"\0"


class Message:
    """A Cobblestone message whose key is committed to and whose end is authentic. `size` is that of the plain bytes."""

    def __init__(self, key, context, span):
        start = SALT + COMMITMENT
        need(span.size >= start + TAG, "a sealed message is too short")
        salt, commitment = span.read(0, SALT), span.read(SALT, COMMITMENT)
        derived = HKDFExpand(hashes.SHA512(), 32 + 12 + COMMITMENT, SUITE + salt + context).derive(key)
        need(hmac.compare_digest(derived[44:], commitment), "wrong key, or a damaged message")
        full, rest = divmod(span.size - start, CHUNK + TAG)
        need(rest >= TAG, "a sealed message is cut off")
        self.aead, self.base, self.span, self.full = AESGCM(derived[:32]), derived[32:44], span, full
        self.size = full * CHUNK + rest - TAG
        self.recent = (-1, b"")
        self.chunk(full)

    def chunk(self, number):
        if self.recent[0] != number:
            offset = SALT + COMMITMENT + number * (CHUNK + TAG)
            sealed = self.span.read(offset, min(CHUNK + TAG, self.span.size - offset))
            tail = int.from_bytes(self.base[4:], "big") ^ number
            try:
                self.recent = (number, self.aead.decrypt(self.base[:4] + tail.to_bytes(8, "big"), sealed, b""))
            except InvalidTag:
                raise Refused(f"chunk {number} of a sealed message is damaged") from None
        return self.recent[1]

    def read(self, offset, length):
        need(0 <= offset and 0 <= length and offset + length <= self.size, "a range is outside of its message")
        parts = []
        while length > 0:
            number, skip = divmod(offset, CHUNK)
            part = self.chunk(number)[skip : skip + length]
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return b"".join(parts)


def open_small(key, context, data):
    message = Message(key, context, Bytes(data))
    return message.read(0, message.size)


# -- §3.1 header ---------------------------------------------------------------------------------------------------------------


class Header:
    def __init__(self, data):
        f = Fields(data, "a sealed file's header")
        f.expect(b"STRG\x01\x00", "magic, version or flags")
        need(f.number(2) == len(data), "a sealed file's header says another length than it has")
        self.bytes = data
        self.installation, self.attachment, self.tenant, self.key = f.id(), f.id(), f.id(), f.id()
        f.raw(16)  # series tag
        self.order, self.type, self.size = f.number(4), f.number(4), f.number(8)
        self.head, self.encoded_head = f.number(4), f.number(4)
        self.head_codec, body_codec, parameters = f.number(1), f.number(1), f.number(2)
        need(self.head <= min(self.size, 4 << 20), "a head is too long")
        need(self.head_codec in (0, 1) and body_codec == 1, "an unknown codec")
        need(parameters in (0, 8), "a header's parameters have a wrong length")
        if self.head_codec == 0:
            need(self.encoded_head == self.head, "a stored head has another length than it says")
        self.layout = Layout(f) if parameters else None
        f.end()


class Layout:
    """§3.4: how the samples of an image lie."""

    def __init__(self, f):
        self.bytes, flags, self.side, self.columns = f.number(1), f.number(1), f.number(2), f.number(4)
        need(self.bytes in (1, 2, 4) and flags <= 3 and self.side and self.columns, "an image layout is impossible")
        self.signed, self.order = bool(flags & 1), "big" if flags & 2 else "little"
        self.row = self.bytes * self.side * self.columns


# -- §3.3, §3.4 body -----------------------------------------------------------------------------------------------------------


def unzstd(data, length):
    """Exactly one zstd frame that holds exactly `length` bytes."""
    try:
        need(zstandard.get_frame_parameters(data).content_size in (length, zstandard.CONTENTSIZE_UNKNOWN), "zstd: wrong length")
        frame = zstandard.ZstdDecompressor().decompressobj()
        plain = frame.decompress(data)
    except zstandard.ZstdError as e:
        raise Refused(f"zstd: {e}") from None
    need(len(plain) == length and not frame.unused_data, "zstd: wrong length")
    return plain


def unzstd_all(data, length):
    """Zstd frames one after another that together hold `length` bytes."""
    parts, left = [], length
    try:
        while data:
            size = zstandard.get_frame_parameters(data).content_size
            need(size == zstandard.CONTENTSIZE_UNKNOWN or size <= left, "zstd: wrong length")
            frame = zstandard.ZstdDecompressor().decompressobj()
            parts.append(frame.decompress(data))
            need(frame.eof, "zstd: a frame is cut off")
            left -= len(parts[-1])
            need(left >= 0, "zstd: wrong length")
            data = frame.unused_data
    except zstandard.ZstdError as e:
        raise Refused(f"zstd: {e}") from None
    need(left == 0, "zstd: wrong length")
    return b"".join(parts)


def unsort(planes, counts, layout):
    """§3.4: the planes of a `sorted` block in sample order."""
    width, size = layout.columns * layout.side, len(planes) // layout.bytes
    rows = size // width
    need(sum(counts) == size, "a sorted block's counts do not add up")
    places, at = [[0] * 8, [0] * 8], 0
    for which in range(8):
        for band in range(2):
            places[band][which] = at
            at += counts[8 * band + which]
    ends = [[places[band][which] + counts[8 * band + which] for which in range(8)] for band in range(2)]
    source = [planes[plane * size : (plane + 1) * size] for plane in range(layout.bytes)]
    out = [bytearray(size) for _ in range(layout.bytes)]
    upper, pairs = (rows + 1) // 2, (width + 1) // 2
    for row in range(rows):
        band = 0 if row < upper else 1
        place, classes = places[band], [0] * pairs
        if row not in (0, upper):
            start, sums = (row - 1) * width, [0] * (pairs + 2)
            for x in range(width):
                number = 0
                for plane in out:
                    number = number << 8 | plane[start + x]
                sums[x // 2 + 1] += number
            classes = [min(7, ((sums[j] + 2 * sums[j + 1] + sums[j + 2]) >> 2).bit_length()) for j in range(pairs)]
        for pair, which in enumerate(classes):
            first, length = row * width + 2 * pair, min(2, width - 2 * pair)
            begin = place[which]
            place[which] = begin + length
            need(place[which] <= ends[band][which], "a sorted block's counts are not those of its numbers")
            for plane, stored in zip(out, source):
                plane[first : first + length] = stored[begin : begin + length]
    return b"".join(out)


def join_planes(planes, layout):
    """Undoes the split into byte planes, most significant first, into samples in the file's byte order."""
    count, out = len(planes) // layout.bytes, bytearray(len(planes))
    for plane in range(layout.bytes):
        place = plane if layout.order == "big" else layout.bytes - 1 - plane
        out[place :: layout.bytes] = planes[plane * count : (plane + 1) * count]
    return out


def unpredict_plain(codes, layout):
    """MED, one sample after the other. `codes` and the result: unsigned samples in memory order."""
    width, side = layout.columns * layout.side, layout.side
    bits = 8 * layout.bytes
    mask, half = (1 << bits) - 1, 1 << (bits - 1) if layout.signed else 0
    values = [0] * len(codes)
    for i, code in enumerate(codes):
        x, above = i % width, i >= width
        if x < side:
            guess = values[i - width] if above else 0
        elif not above:
            guess = values[i - side]
        else:
            a, b, c = values[i - side], values[i - width], values[i - width - side]
            guess = min(a, b) if c >= max(a, b) else max(a, b) if c <= min(a, b) else a + b - c
        value = guess + ((code >> 1) ^ -(code & 1)) & mask
        values[i] = value - ((value & half) << 1)  # two's complement
    return [value & mask for value in values]


def unpredict_numpy(codes, layout):
    """MED along the diagonals of the picture: a sample needs only those of the two diagonals before its own."""
    codes = numpy.asarray(codes, dtype=numpy.int64).reshape(-1, layout.columns, layout.side)
    rows, columns, side = codes.shape
    mask, half = (1 << 8 * layout.bytes) - 1, 1 << (8 * layout.bytes - 1) if layout.signed else 0
    # A line of zeros above and a column of zeros on the left: there MED gives what the first row and column need.
    steps, values = numpy.zeros((2, rows + 1, columns + 1, side), dtype=numpy.int64)
    steps[1:, 1:] = (codes >> 1) ^ -(codes & 1)
    steps, flat = steps.reshape(-1, side), values.reshape(-1, side)
    for diagonal in range(rows + columns - 1):
        start = columns + 2 + diagonal + max(0, diagonal - columns + 1) * columns
        end = columns + 3 + diagonal + min(rows - 1, diagonal) * columns
        a, b, c = (flat[start - back : end - back : columns] for back in (1, columns + 1, columns + 2))
        low, high = numpy.minimum(a, b), numpy.maximum(a, b)
        guess = numpy.maximum(low, numpy.minimum(high, a + b - c))  # the median of the three, which is MED
        flat[start:end:columns] = ((guess + steps[start:end:columns] + half) & mask) - half
    return values[1:, 1:].reshape(-1) & mask


def image_rows(planes, layout):
    """§3.4: an `image` block's planes of zig-zagged differences, as the file's bytes."""
    kind = {1: "B", 2: "H", 4: "I"}[layout.bytes]
    count = len(planes) // layout.bytes
    codes = join_planes(planes, layout)
    order = ">" if layout.order == "big" else "<"
    if numpy is not None:
        values = unpredict_numpy(numpy.frombuffer(bytes(codes), order + "u" + str(layout.bytes)), layout)
        return values.astype(order + "u" + str(layout.bytes)).tobytes()
    return struct.pack(f"{order}{count}{kind}", *unpredict_plain(struct.unpack(f"{order}{count}{kind}", codes), layout))


def block(codec, stored, length, layout):
    if codec == 0:
        need(len(stored) == length, "a stored block has two lengths")
        return stored
    if codec == 1:
        return unzstd(stored, length)
    need(codec in (2, 3, 4), "an unknown block codec")
    need(layout is not None and length % layout.row == 0, "an image block is not a number of whole rows")
    if codec == 4:
        need(len(stored) >= 64, "a sorted block is too short")
        return image_rows(unsort(unzstd_all(stored[64:], length), struct.unpack(">16I", stored[:64]), layout), layout)
    planes = unzstd(stored, length)
    return image_rows(planes, layout) if codec == 2 else bytes(join_planes(planes, layout))


def body(message, size, layout):
    """Yields the plain blocks of a body of `size` plain bytes."""
    need(message.size >= 8, "a body is too short")
    tail = Fields(message.read(message.size - 8, 8), "a block table's end")
    count = tail.number(4)
    tail.expect(b"BLK1", "magic")
    need(count <= 4194304 and 9 * count + 8 <= message.size, "a body has too many blocks")
    table = Fields(message.read(message.size - 8 - 9 * count, 9 * count), "a block table")
    blocks = [(table.number(1), table.number(4), table.number(4)) for _ in range(count)]
    need(all(1 <= plain <= 16 << 20 and 1 <= stored <= plain for _, plain, stored in blocks), "a block has an impossible length")
    need(sum(plain for _, plain, _ in blocks) == size, "the blocks of a body are not as long as the body")
    need(sum(stored for _, _, stored in blocks) + 9 * count + 8 == message.size, "there is something beside a body's blocks")
    offset = 0
    for codec, plain, stored in blocks:
        yield block(codec, message.read(offset, stored), plain, layout)
        offset += stored


# -- §4 pack -------------------------------------------------------------------------------------------------------------------


class Member:
    def __init__(self, f):
        length = f.number(2)
        self.header = Header(f.raw(length))
        self.body_at, self.body_length, self.head_at, self.head_length = f.number(8), f.number(8), f.number(8), f.number(4)
        self.body_digest, self.head_digest = f.raw(32), f.raw(32)


class Pack:
    """A pack whose index is whole and agrees with itself. Nothing in it is opened yet."""

    def __init__(self, path):
        try:
            self.path, self.file = path, open(path, "rb")
        except OSError as e:
            raise Refused(f"the file cannot be read: {e.strerror}") from None
        try:
            self.parse(os.fstat(self.file.fileno()).st_size)
        except Exception:
            self.file.close()
            raise

    def parse(self, size):
        need(size >= 76 + 8 + 64, "a pack is too short")
        whole = Span(self.file, 0, size)
        footer = Fields(whole.read(size - 64, 64), "a pack's footer")
        index_at, index_length, digest = footer.number(8), footer.number(8), footer.raw(32)
        need(footer.number(8) == size, "a pack has another length than it says")
        need(footer.number(4) == 1, "a pack's footer has another version")
        footer.expect(b"STRE", "magic")
        need(76 <= index_at and index_at + index_length + 64 == size, "a pack's index is not where it should be")
        prologue, index = whole.read(0, 76), whole.read(index_at, index_length)
        need(hashlib.sha256(prologue + index).digest() == digest, "a pack's prologue or index is damaged")
        f = Fields(prologue, "a pack's prologue")
        f.expect(b"STRP\x01\x00\x00\x4c", "magic, version, flags or length")
        self.id, self.installation, self.tenant, self.key = f.id(), f.id(), f.id(), f.id()
        count = f.number(4)
        f.end()
        need(self.path.name == self.id.hex, "a pack has another pack's name")
        f = Fields(index, "a pack's index")
        f.expect(b"STRI", "magic")
        need(f.number(4) == count, "a pack has two numbers of members")
        self.members = [Member(f) for _ in range(count)]
        f.end()
        at = 76
        for member in self.members:
            need(member.body_at == at, "a body piece is not where it should be")
            at += member.body_length
        for member in self.members:
            need(member.head_at == at, "a head piece is not where it should be")
            at += member.head_length
            h = member.header
            need((h.installation, h.tenant, h.key) == (self.installation, self.tenant, self.key), "a member is another pack's")
        need(at == index_at, "there is something beside a pack's members")

    def plain(self, member, key):
        """Yields the plain bytes of a member, having checked both pieces' digests. Good only if it comes to its end."""
        head_piece = Span(self.file, member.head_at, member.head_length)
        body_piece = Span(self.file, member.body_at, member.body_length)
        need(head_piece.sha256() == member.head_digest, "the head piece is not what the index says")
        need(body_piece.sha256() == member.body_digest, "the body piece is not what the index says")
        h = member.header
        need(head_piece.read(0, len(h.bytes)) == h.bytes, "index and sealed file have different headers")
        sealed = head_piece.read(len(h.bytes), head_piece.size - len(h.bytes))
        if h.head:
            head = open_small(key, h.bytes + b"head", sealed)
            need(len(head) == h.encoded_head, "a head has another length than it says")
            yield unzstd(head, h.head) if h.head_codec == 1 else head
        else:
            need(not sealed and not h.encoded_head, "there is a head where there should be none")
        yield from body(Message(key, h.bytes + b"body", body_piece), h.size - h.head, h.layout)


# -- §5 keys -------------------------------------------------------------------------------------------------------------------


class Record:
    def __init__(self, f):
        start = f.at
        f.expect(b"STRK\x01", "magic or version")
        self.kind, length = f.number(1), f.number(2)
        need(self.kind in (1, 2, 3, 4) and length >= 84, "a key record is impossible")
        self.installation, self.tenant, self.id = f.id(), f.id(), f.id()
        self.epoch = f.number(4)
        f.raw(16 + 8)  # owner tag, time
        self.context = b"wrap/v1" + f.data[start : start + 84]
        self.payload = f.raw(length - 84)


def bundle(data):
    """§5.4: the records of a bundle."""
    need(len(data) >= 60, "a bundle is too short")
    need(hashlib.sha256(data[:-32]).digest() == data[-32:], "a bundle is damaged")
    f = Fields(data[:-32], "a bundle")
    f.expect(b"STRB\x01\x00\x00\x00", "magic, version or flags")
    installation = f.id()
    records = [Record(f) for _ in range(f.number(4))]
    f.end()
    need(all(record.installation == installation for record in records), "a bundle holds another installation's keys")
    return records


def objects(folder, prefix=""):
    """A tier's objects, and nothing that a copying program or a file manager left beside them."""
    return sorted(path for path in folder.glob(prefix + "*") if not path.name.startswith("."))


def passphrase_key(parameters, passphrase):
    """§5.2: the root key of a passphrase."""
    try:
        from argon2.low_level import Type, hash_secret_raw
    except ImportError:
        raise SystemExit("a passphrase needs Argon2: apt install python3-argon2") from None
    salt = base64.b64decode(parameters["salt"], validate=True)
    memory, passes = parameters["memoryKib"], parameters["iterations"]
    need(8 <= len(salt) <= 64 and 8 <= memory <= 1 << 20 and 1 <= passes <= 64, "the cost of the passphrase is impossible")
    return hash_secret_raw(passphrase, salt, time_cost=passes, memory_cost=memory, parallelism=1, hash_len=32, type=Type.ID, version=0x13)


def key_file(data):
    """§5.2: the root key of a key file, or a recovery key in hexadecimal."""
    if len(data) == 32:
        return data
    text = data[:-1] if data.endswith(b"\n") else data
    need(re.fullmatch(rb"[0-9a-fA-F]{64}", text), "the key file holds neither 32 bytes nor 64 hexadecimal digits")
    return bytes.fromhex(text.decode())


def share(path):
    """§8.1: the 46 bytes of a share, of a text file with its 23 words."""
    text = Path(path).read_text(encoding="utf-8", errors="replace").upper()
    need(not text.startswith("%PDF"), f"{path} is a PDF: give its words as text (pdftotext, or typed)")
    begin = text.find("BEGIN SHARE")
    text = text[begin + 11 : text.find("END SHARE", begin)] if begin >= 0 else text
    words = [word for word in re.split(r"[^A-Z]+", text) if word]
    need(len(words) == 23, f"{path}: a share has 23 words, and here are {len(words)}")
    data = b""
    for count, word in enumerate(words, 1):
        need(re.fullmatch("([BDFGHJKLMNPRSTVZ][AIOU]){2}[BDFGHJKLMNPRSTVZ]", word), f"{path}: word {count} cannot be one")
        value = 0
        for letter in word:
            value = value << 2 | "AIOU".index(letter) if letter in "AIOU" else value << 4 | "BDFGHJKLMNPRSTVZ".index(letter)
        data += value.to_bytes(2, "big")
    need(hashlib.sha256(data[:42]).digest()[:4] == data[42:] and data[0] == 1, f"{path}: the words do not fit together")
    return data


def combined(paths):
    """§8.1: the recovery private key of enough shares: Lagrange at 0, byte by byte, in AES's field of 256."""

    def times(a, b):
        product = 0
        while b:
            product, a, b = product ^ (a if b & 1 else 0), a << 1 ^ (0x11B if a & 0x80 else 0), b >> 1
        return product

    def inverse(a):  # a to the power of 254
        result = 1
        for bit in range(1, 8):
            a = times(a, a)
            result = times(result, a)
        return result

    shares = {data[9]: data for data in map(share, paths)}
    need(len({data[:9] for data in shares.values()}) == 1, "the shares are of several kits")
    required = next(iter(shares.values()))[8]
    need(len(shares) >= required, f"{required} different shares are needed, and here are {len(shares)}")
    chosen = dict(list(shares.items())[:required])
    secret = bytearray(32)
    for number, data in chosen.items():
        factor = 1
        for other in chosen:
            if other != number:
                factor = times(factor, times(other, inverse(other ^ number)))
        for i in range(32):
            secret[i] ^= times(data[10 + i], factor)
    return bytes(secret)


def hpke_open(private, info, sealed):
    """RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; one message, no additional data."""

    def extract(salt, suite, label, ikm):
        return hmac.new(salt or b"\0" * 32, b"HPKE-v1" + suite + label + ikm, hashlib.sha256).digest()

    def expand(prk, suite, label, data, length):
        info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + data
        return HKDFExpand(hashes.SHA256(), length, info).derive(prk)

    need(len(sealed) >= 32 + TAG, "a recovery wrap is too short")
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    secret = X25519PrivateKey.from_private_bytes(private)
    public = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    try:
        dh = secret.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
    except ValueError as e:
        raise Refused(f"a recovery wrap is damaged: {e}") from None
    shared = expand(extract(b"", kem, b"eae_prk", dh), kem, b"shared_secret", sealed[:32] + public, 32)
    context = b"\0" + extract(b"", suite, b"psk_id_hash", b"") + extract(b"", suite, b"info_hash", info)
    prk = extract(shared, suite, b"secret", b"")
    key, nonce = expand(prk, suite, b"key", context, 32), expand(prk, suite, b"base_nonce", context, 12)
    try:
        return AESGCM(key).decrypt(nonce, sealed[32:], b"")
    except InvalidTag:
        raise Refused("wrong recovery key, or a damaged wrap") from None


def tenant_key(record, roots, recovery):
    """§5.1: (tenant key, tenant name) of a tenant record."""
    f = Fields(record.payload, "a tenant record")
    wraps = f.raw(f.number(2)), f.raw(f.number(2))
    f.end()
    for opener in [lambda root=root: open_small(root, record.context, wraps[0]) for root in roots] + (
        [lambda: hpke_open(recovery, record.context, wraps[1])] if recovery else []
    ):
        try:
            f = Fields(opener(), "a tenant's keys")
        except Refused:
            continue
        key = f.raw(64)[:32]  # the tag key behind it opens nothing
        name = f.raw(f.number(2)).decode()
        f.end()
        return key, name
    raise Refused("the secret that was given does not open this tenant's key")


class Keys:
    """Every key that the tier's bundles hold."""

    def __init__(self, tier, arguments, fault):
        self.records, self.tenants, self.fault = {}, {}, fault
        for path in objects(tier / "keys"):
            try:
                for record in bundle(path.read_bytes()):
                    versions = self.records.setdefault(record.id, [])
                    if all(record.context + record.payload != other.context + other.payload for other in versions):
                        versions.append(record)
            except (Refused, OSError) as e:
                fault(path, None, e)
        recovery = combined(arguments.share) if arguments.share else None
        if arguments.recovery:
            recovery = key_file(Path(arguments.recovery).read_bytes())
        roots = [] if recovery else self.roots(tier, arguments)
        for record in self.all(1):
            try:
                self.tenants[record.tenant, record.epoch] = tenant_key(record, roots, recovery)
            except Refused:
                continue  # another epoch's root key, unless none opens
        if not self.tenants:
            raise SystemExit("The secret that was given opens no tenant's key of this tier.")

    def all(self, *kinds):
        return [record for versions in self.records.values() for record in versions if record.kind in kinds]

    def roots(self, tier, arguments):
        if arguments.key:
            return [key_file(Path(arguments.key).read_bytes())]
        if arguments.passphrase == "-":
            passphrase = getpass.getpass("Passphrase: ").encode()
        else:
            passphrase = re.split(rb"[\r\n]", Path(arguments.passphrase).read_bytes(), maxsplit=1)[0]
        need(passphrase, "the passphrase is empty")
        roots = []
        for path in objects(tier / "installation", "root-"):
            try:
                data = path.read_bytes()
                need(path.name == "root-" + hashlib.sha256(data).hexdigest()[:32], "it is not what its name says")
                parameters = json.loads(data)
                if parameters["kind"] == "passphrase":
                    roots.append(passphrase_key(parameters, passphrase))
            except Exception as e:  # whatever a stranger wrote there, another one may be right
                self.fault(path, None, e)
        if not roots:
            raise SystemExit("The tier says nowhere how its root key is made of a passphrase (installation/root-…).")
        return roots

    def study(self, key_id):
        """§5.1: key, PatientID, StudyInstanceUID, tenant's name."""
        versions = [record for record in self.records.get(key_id, []) if record.kind in (2, 3)]
        need(versions, "no bundle holds the key")
        reason = "no tenant's key for it is open"
        for record in versions:
            if (record.tenant, record.epoch) in self.tenants:
                tenant, name = self.tenants[record.tenant, record.epoch]
                try:
                    f = Fields(open_small(tenant, record.context, record.payload), "a study's key")
                    key = f.raw(32)
                    patient, study = (f.raw(f.number(2)).decode("latin-1") for _ in range(2))
                    f.end()
                    return key, patient, study, name
                except Refused as e:
                    reason = f"its key does not open: {e}"
        raise Refused(reason)


# -- what people ask for -------------------------------------------------------------------------------------------------------

EXTENSIONS = {1: "dcm", 2: "json", 3: "head.dcm"}  # Orthanc's content types


def inflated(plain):
    """What Orthanc compressed (StorageCompression): 8 bytes little-endian length, then zlib. None if it is not that."""
    if len(plain) < 8 or plain[128:132] == b"DICM":
        return None
    length = int.from_bytes(plain[:8], "little")
    if length > 1100 * len(plain):  # more than zlib can do
        return None
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(plain[8:], length + 1)
    except zlib.error:
        return None
    return data if stream.eof and not stream.unused_data and len(data) == length else None


def write(target, chunks, as_stored):
    """Writes a file that is there whole or not at all, and never another's. Returns its size and SHA-256."""
    part = target.with_name("." + target.name + ".part")
    try:
        with open(part, "wb") as out:
            for chunk in chunks:
                out.write(chunk)
        if not as_stored:
            with open(part, "rb") as written:
                start = written.read(9)
            # A zlib stream begins with the nibble 8; anything else need not be read again.
            plain = inflated(part.read_bytes()) if len(start) == 9 and start[8] & 15 == 8 else None
            if plain is not None:
                part.write_bytes(plain)
        with open(part, "rb") as written:
            digest = Span(written, 0, part.stat().st_size).sha256()
        if target.exists():
            with open(target, "rb") as there:
                need(Span(there, 0, target.stat().st_size).sha256() == digest, "another file of this name is there already")
        os.replace(part, target)
        return target.stat().st_size, digest.hex()
    finally:
        part.unlink(missing_ok=True)


def words():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="Exit status: 0 all, 1 something refused, 2 nothing.")
    parser.add_argument("tier", type=Path, help="folder of a directory tier, or a downloaded bucket")
    secret = parser.add_mutually_exclusive_group(required=True)
    secret.add_argument("--passphrase", metavar="FILE", help="its first line; - asks")
    secret.add_argument("--key", metavar="FILE", help="the key file (RootKey.KeyFile)")
    secret.add_argument("--recovery", metavar="FILE", help="the recovery private key, in hexadecimal")
    secret.add_argument("--share", action="append", metavar="FILE", help="the words of one sheet of the recovery kit, as text (again for each)")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FOLDER", help="write every attachment there")
    what.add_argument("--list", action="store_true", help="only say what there is: opens the keys, not the images")
    parser.add_argument("--pack", action="append", default=[], metavar="ID", help="only this pack (again for more)")
    parser.add_argument("--attachment", action="append", default=[], type=uuid.UUID, metavar="UUID", help="only this one (again for more)")
    parser.add_argument("--as-stored", action="store_true", help="leave what Orthanc compressed as it is")
    parser.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    return parser.parse_args()


def main():
    arguments, faults = words(), []

    def fault(path, attachment, reason):
        faults.append(path)
        place = str(path.relative_to(arguments.tier)) + (f", attachment {attachment}" if attachment else "")
        print(f"REFUSED {place}: {reason}", file=sys.stderr)
        if arguments.json:
            print(json.dumps({"refused": str(path.relative_to(arguments.tier)), "attachment": attachment and str(attachment), "reason": str(reason)}))

    packs = [path for path in objects(arguments.tier / "packs") if not arguments.pack or path.name in arguments.pack]
    if not packs or len(packs) < len(set(arguments.pack)):
        raise SystemExit(f"There is no such pack in {arguments.tier / 'packs'}.")
    keys = Keys(arguments.tier, arguments, fault)
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
    wanted, written = set(arguments.attachment), 0
    for path in packs:
        try:
            pack = Pack(path)
        except Refused as e:
            fault(path, None, e)
            continue
        with pack.file:
            try:
                key, patient, study, tenant = keys.study(pack.key)
            except Refused as e:
                fault(path, None, e)
                continue
            for member in pack.members:
                h = member.header
                if arguments.attachment and h.attachment not in arguments.attachment:
                    continue
                wanted.discard(h.attachment)
                line = {"attachment": str(h.attachment), "pack": path.name, "tenant": tenant, "patient": patient, "study": study}
                line.update({"type": h.type, "order": h.order, "bytes": h.size})
                if arguments.out:
                    target = arguments.out / f"{h.attachment}.{EXTENSIONS.get(h.type, f'{h.type}.bin')}"
                    try:
                        line["bytes"], line["sha256"] = write(target, pack.plain(member, key), arguments.as_stored)
                    except (Refused, OSError) as e:
                        fault(path, h.attachment, e)
                        continue
                    line["file"] = target.name
                written += 1
                print(json.dumps(line) if arguments.json else "  ".join(ascii(value)[1:-1] if isinstance(value, str) else str(value) for value in line.values()))
    for attachment in sorted(wanted):
        fault(arguments.tier / "packs", attachment, "no pack that opens has it")
    done = "written and checked" if arguments.out else "listed"
    print(f"{written} attachments {done}, {len(faults)} refused.", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SystemExit as e:
        if isinstance(e.code, str):
            print(e.code, file=sys.stderr)
            sys.exit(2)
        raise
    except (Refused, OSError) as e:
        print(e, file=sys.stderr)
        sys.exit(2)
