// Auditverify checks an audit log of Strongroom with nothing of Strongroom: C2SP tlog-tiles and signed notes, as Debian's
// golang-golang-x-mod-dev (sumdb/tlog, sumdb/note) understands them. It says ok and the size, or why not, and exits with 1.
//
//	auditverify LOG VERIFIER-KEY-FILE [OLD-CHECKPOINT]
//	auditverify ENTRY VERIFIER-KEY-FILE PROOF.tlog-proof
//	auditverify cosigned NOTE VERIFIER-KEY-FILE WITNESS-KEY
//	auditverify request BODY VERIFIER-KEY-FILE OLD-CHECKPOINT
//
// A cosigned note must be signed by the log and by the witness (C2SP tlog-cosignature, type 4); a request to a witness must prove
// that the log grew out of the old checkpoint.
// OLD-CHECKPOINT is one that was seen before: the log must still contain it.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

func main() {
	if len(os.Args) == 5 {
		log, err := note.NewVerifier(strings.TrimSpace(string(read(os.Args[3]))))
		check(err)
		switch os.Args[1] {
		case "cosigned":
			cosigned(read(os.Args[2]), log, os.Args[4])
		case "request":
			request(string(read(os.Args[2])), log, read(os.Args[4]))
		default:
			fail("usage: auditverify cosigned|request …")
		}
		return
	}
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fail("usage: auditverify LOG VERIFIER-KEY-FILE [OLD-CHECKPOINT]")
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(os.Args[2]))))
	check(err)
	if len(os.Args) == 4 && strings.HasSuffix(os.Args[3], ".tlog-proof") {
		proof(read(os.Args[1]), verifier, string(read(os.Args[3])))
		return
	}
	tree := open(read(filepath.Join(os.Args[1], "checkpoint")), verifier)
	first := minimum(os.Args[1], tree.N)
	leaves := entries(os.Args[1], first, tree.N)
	if first == 0 {
		compare(leaves, tree, "checkpoint")
	}
	tiles(os.Args[1], first, leaves, tree)
	if len(os.Args) == 4 {
		old := open(read(os.Args[3]), verifier)
		if old.N > tree.N {
			fail("the log is shorter than the old checkpoint")
		}
		if first == 0 {
			compare(leaves[:old.N], old, "old checkpoint")
		} else if old.N < first {
			fail("the old checkpoint is older than what is kept")
		} else {
			proof, err := tlog.ProveTree(tree.N, old.N, tlog.TileHashReader(tree, folder(os.Args[1])))
			check(err)
			check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
		}
	}
	fmt.Println("ok", tree.N)
}

// minimum returns the first entry that is kept: tlog-tiles lets a log be pruned up to its minimum index, and then this one must say so
// in an entry, since its tiles and bundles alone do not tell a pruned log from a damaged one.
func minimum(log string, size int64) int64 {
	data, err := os.ReadFile(filepath.Join(log, "minimum-index"))
	if os.IsNotExist(err) {
		return 0
	}
	check(err)
	first, err := strconv.ParseInt(strings.TrimSuffix(string(data), "\n"), 10, 64)
	check(err)
	if first < 0 || first > size || first%width != 0 {
		fail("not a minimum index")
	}
	said := []byte(fmt.Sprintf(`"minimum":"%d"`, first))
	for n := first / width; n*width < size; n++ {
		bundle := read(filepath.Join(log, "tile", "entries", path(n, min(width, size-n*width))))
		if bytes.Contains(bundle, said) && bytes.Contains(bundle, []byte(`"type":"log-prune"`)) {
			return first
		}
	}
	fail("no entry says that the log was pruned")
	return 0
}

// open returns what a signed checkpoint says: tlog-checkpoint, which has another first line than Go's own checksum database.
func open(text []byte, verifier note.Verifier) tlog.Tree {
	signed, err := note.Open(text, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		fail("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	if copy(tree.Hash[:], root) != tlog.HashSize || len(root) != tlog.HashSize {
		fail("not a root hash")
	}
	return tree
}

// cosigner verifies cosignature/v1: Go's library knows nothing of it, and leaves the verifying of a type to whoever knows.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature), text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

// newCosigner reads a verifier key of type 4.
func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		fail("not a verifier key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	if len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		fail("not the key of a witness")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if parts[1] != hex.EncodeToString(sum[:4]) {
		fail("not the id of this key")
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), ed25519.PublicKey(key[1:])}
}

// cosigned fails unless both the log and the witness signed.
func cosigned(text []byte, log note.Verifier, vkey string) {
	witness := newCosigner(vkey)
	tree := open(text, log)
	signed, err := note.Open(text, note.VerifierList(log, witness))
	check(err)
	for _, signature := range signed.Sigs {
		if signature.Name == witness.name && signature.Hash == witness.hash {
			fmt.Println("ok", tree.N)
			return
		}
	}
	fail("the witness did not sign")
}

// request fails unless a body of add-checkpoint proves that the log grew out of an older checkpoint.
func request(body string, log note.Verifier, old []byte) {
	head, checkpoint, found := strings.Cut(body, "\n\n")
	lines := strings.Split(head, "\n")
	before := open(old, log)
	if !found || lines[0] != fmt.Sprintf("old %d", before.N) {
		fail("not a request from that size on")
	}
	var hashes tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		hashes = append(hashes, hash)
	}
	tree := open([]byte(checkpoint), log)
	check(tlog.CheckTree(hashes, tree.N, tree.Hash, before.N, before.Hash))
	fmt.Println("ok", tree.N)
}

// proof fails unless a tlog-proof says that the entry is in the log.
func proof(entry []byte, verifier note.Verifier, text string) {
	path, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(path, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("not a proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var hashes tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		hashes = append(hashes, hash)
	}
	tree := open([]byte(checkpoint), verifier)
	check(tlog.CheckRecord(hashes, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	fmt.Println("ok", index)
}

// entries returns the hash of every entry from the first one that is kept, in order.
func entries(log string, first, size int64) []tlog.Hash {
	var leaves []tlog.Hash
	for n := first / width; n*width < size; n++ {
		want := min(width, size-n*width)
		bundle := read(filepath.Join(log, "tile", "entries", path(n, want)))
		for i := int64(0); i < want; i++ {
			if len(bundle) < 2 {
				fail("a bundle ends early")
			}
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				fail("an entry ends early")
			}
			leaves = append(leaves, tlog.RecordHash(bundle[2:2+length]))
			bundle = bundle[2+length:]
		}
		if len(bundle) > 0 {
			fail("a bundle holds more than its entries")
		}
	}
	return leaves
}

// compare fails if the tree over these leaves is another one.
func compare(leaves []tlog.Hash, tree tlog.Tree, name string) {
	if int64(len(leaves)) != tree.N {
		fail("the log has another size than its " + name)
	}
	hash := tlog.Hash(sha256.Sum256(nil)) // of no entries: Go's library says something else than RFC 6962 there
	if tree.N > 0 {
		var err error
		hash, err = tlog.TreeHash(tree.N, stored(leaves))
		check(err)
	}
	if hash != tree.Hash {
		fail("the log is not that of the " + name)
	}
}

// tiles has Go's own reader of tiles authenticate every leaf through the tiles that are there.
func tiles(log string, kept int64, leaves []tlog.Hash, tree tlog.Tree) {
	reader := tlog.TileHashReader(tree, folder(log))
	indexes := make([]int64, 0, width)
	for i := kept; i < tree.N; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
		if len(indexes) == width || i == tree.N-1 {
			hashes, err := reader.ReadHashes(indexes)
			check(err)
			first := i + 1 - int64(len(indexes))
			for j, hash := range hashes {
				if hash != leaves[first-kept+int64(j)] {
					fail(fmt.Sprintf("entry %d is not the one in its tile", first+int64(j)))
				}
			}
			indexes = indexes[:0]
		}
	}
}

// folder gives Go's reader the tiles of a log on disk.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(f), "tile", strconv.Itoa(tile.L), path(tile.N, int64(tile.W))))
		if err != nil {
			data, err = os.ReadFile(filepath.Join(string(f), "tile", strconv.Itoa(tile.L), path(tile.N, width)))
			data = data[:min(len(data), tile.W*tlog.HashSize)]
		}
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// stored computes the hashes of whole subtrees over leaves, as tlog asks for them.
func stored(leaves []tlog.Hash) tlog.HashReaderFunc {
	var all []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = all[index]
		}
		return hashes, nil
	})
	for i, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(i), leaf, reader)
		check(err)
		all = append(all, more...)
	}
	return reader
}

// path is the last part of a tile's name in tlog-tiles.
func path(n, w int64) string {
	p := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		p = fmt.Sprintf("x%03d/%s", n%1000, p)
	}
	if w < width {
		p += fmt.Sprintf(".p/%d", w)
	}
	return p
}

func min[T int | int64](a, b T) T {
	if a < b {
		return a
	}
	return b
}

func read(file string) []byte {
	data, err := os.ReadFile(file)
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Println("bad:", why)
	os.Exit(1)
}
