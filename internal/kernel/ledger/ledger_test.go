package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"pgregory.net/rapid"
)

var (
	began   = time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	seed    = bytes.Repeat([]byte{7}, 32)
	ours, _ = NewSigner(seed)
)

// log is a log in memory, as a server keeps it.
type log struct {
	municipality string
	leaves       []Leaf
	lines        [][]byte
	notes        []string
	tree         *Tree
}

// grown is a log of so many leaves, with a checkpoint after every fifth and at its end.
func grown(municipality string, n int, signer *Signer) *log {
	l := &log{municipality: municipality}
	l.tree, _ = NewTree(0, nil)
	for i := range n {
		l.add(Leaf{
			Kind: Change, ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, municipality, i)), At: began.Add(time.Duration(i) * time.Second), SealedAt: began.Add(time.Duration(i+2) * time.Second),
			Event: "item.added", Fields: []string{"text"},
		})
		if (i+1)%5 == 0 || i == n-1 {
			l.sign(signer)
		}
	}
	return l
}

func (l *log) add(leaf Leaf) {
	leaf.Municipality, leaf.Index = l.municipality, uint64(len(l.lines))
	if n := len(l.lines); n > 0 {
		leaf.Previous = Text(HashOf(l.lines[n-1]))
	}
	line, _ := leaf.Line()
	l.tree.Append(HashOf(line))
	l.leaves, l.lines = append(l.leaves, leaf), append(l.lines, line)
}

func (l *log) sign(signer *Signer) {
	root, _ := l.tree.Root()
	note, _ := signer.Sign(Checkpoint{l.municipality, l.tree.Size(), root, began.Add(time.Hour)})
	l.notes = append(l.notes, note)
}

func (l *log) export() string {
	var out bytes.Buffer
	w, _ := NewWriter(&out, l.municipality, uint64(len(l.lines)))
	for _, line := range l.lines {
		w.Leaf(line)
	}
	for _, note := range l.notes {
		w.Checkpoint(note)
	}
	w.Flush()
	return out.String()
}

func TestAnExportThatIsAsItWasSealedIsVerified(t *testing.T) {
	for _, size := range []int{1, 2, 5, 12, 64, 100} {
		l := grown("GM0861", size, ours)
		v, err := Verify(strings.NewReader(l.export()), ours.Key(), l.notes[0])
		require.NoError(t, err)
		root, err := l.tree.Root()
		require.NoError(t, err)
		require.Equal(t, Verified{Municipality: "GM0861", Size: uint64(size), Root: root, Checkpoints: len(l.notes), Signed: uint64(size), SignedAt: began.Add(time.Hour)}, v)
	}
}

func TestTampering(t *testing.T) {
	theirs, err := NewSigner(bytes.Repeat([]byte{9}, 32))
	require.NoError(t, err)
	kept := grown("GM0861", 12, ours).notes
	for name, one := range map[string]struct {
		tamper func(l *log)
		kept   []string
		want   Tampering
	}{
		"an entry is altered":        {func(l *log) { l.lines[6] = bytes.Replace(l.lines[6], []byte("text"), []byte("term"), 1) }, nil, Tampering{Kind: Altered, Index: 6}},
		"the first entry is altered": {func(l *log) { l.lines[0] = bytes.Replace(l.lines[0], []byte("text"), []byte("term"), 1) }, nil, Tampering{Kind: Altered, Index: 0}},
		"the last entry is altered":  {func(l *log) { l.lines[11] = bytes.Replace(l.lines[11], []byte("text"), []byte("term"), 1) }, nil, Tampering{Kind: Rewritten, Index: 10}},
		"what it was sealed upon, too": {func(l *log) {
			l.lines[6] = bytes.Replace(l.lines[6], []byte(l.leaves[6].Previous), []byte(l.leaves[5].Previous), 1)
		}, nil, Tampering{Kind: Altered, Index: 6}},
		"an entry is left out":        {func(l *log) { l.lines = append(l.lines[:6:6], l.lines[7:]...) }, nil, Tampering{Kind: Missing, Index: 6}},
		"the first entry is left out": {func(l *log) { l.lines = l.lines[1:] }, nil, Tampering{Kind: Missing, Index: 0}},
		"an entry is put in": {func(l *log) {
			more := l.leaves[6]
			more.Event, more.ID = "item.released", uuid.New()
			line, _ := more.Line()
			l.lines = append(l.lines[:7:7], append([][]byte{line}, l.lines[7:]...)...)
		}, nil, Tampering{Kind: Added, Index: 7}},
		"two entries change places": {func(l *log) { l.lines[6], l.lines[7] = l.lines[7], l.lines[6] }, nil, Tampering{Kind: Reordered, Index: 6}},
		"the end is cut off":        {func(l *log) { l.lines = l.lines[:9] }, nil, Tampering{Kind: Truncated, Index: 9}},
		"the end is cut off with what it says of its size": {func(l *log) {
			*l = log{municipality: l.municipality, lines: l.lines[:9], notes: l.notes}
		}, nil, Tampering{Kind: Truncated, Index: 9}},
		"the end is cut off with its checkpoints": {func(l *log) {
			*l = log{municipality: l.municipality, lines: l.lines[:10], notes: l.notes[:2]}
		}, kept[2:], Tampering{Kind: Replayed, Index: 10}},
		"all is written anew": {func(l *log) {
			l.tree, _ = NewTree(0, nil)
			all := l.leaves
			l.leaves, l.lines = nil, nil
			for i, leaf := range all {
				if i == 7 {
					leaf.Event = "item.withdrawn"
				}
				l.add(leaf)
			}
		}, nil, Tampering{Kind: Rewritten, Index: 5}},
		"all is written anew and signed anew": {func(l *log) {
			*l = *grown("GM0861", 0, ours)
			for i := range 12 {
				l.add(Leaf{Kind: Access, ID: uuid.New(), At: began, SealedAt: began.Add(time.Duration(i) * time.Second)})
			}
			l.sign(ours)
		}, kept[:1], Tampering{Kind: Forked, Index: 5}},
		"entries of another municipality": {func(l *log) { l.lines[4] = grown("GM0762", 12, ours).lines[4] }, nil, Tampering{Kind: Foreign, Index: 4}},
		"a checkpoint of another":         {func(l *log) { l.notes[1] = grown("GM0762", 12, ours).notes[1] }, nil, Tampering{Kind: Foreign, Index: 10}},
		"the whole log of another":        {func(l *log) { *l = *grown("GM0762", 12, ours) }, kept[2:], Tampering{Kind: Foreign, Index: 12}},
		"signed by another key":           {func(l *log) { *l = *grown("GM0861", 12, theirs) }, nil, Tampering{Kind: WrongKey}},
		"a checkpoint says another size":  {func(l *log) { l.notes[1] = strings.Replace(l.notes[1], "\n10\n", "\n11\n", 1) }, nil, Tampering{Kind: WrongKey}},
		"an entry of long ago": {func(l *log) {
			l.add(Leaf{Kind: Change, ID: uuid.New(), At: began.AddDate(0, -1, 0), SealedAt: began.Add(time.Minute)})
			l.sign(ours)
		}, nil, Tampering{Kind: BackDated, Index: 12}},
		"an entry that was sealed earlier": {func(l *log) { l.add(Leaf{Kind: Change, ID: uuid.New(), At: began, SealedAt: began}); l.sign(ours) }, nil, Tampering{Kind: BackDated, Index: 12}},
		"nothing is signed":                {func(l *log) { l.notes = nil }, nil, Tampering{Kind: Unverifiable, Index: 12}},
		"more than was signed":             {func(l *log) { l.add(Leaf{Kind: Change, ID: uuid.New(), At: began, SealedAt: began.Add(time.Minute)}) }, nil, Tampering{Kind: Unverifiable, Index: 12}},
	} {
		t.Run(name, func(t *testing.T) {
			l := grown("GM0861", 12, ours)
			one.tamper(l)
			text := l.export()
			if name == "the end is cut off" {
				text = strings.Replace(text, `"size":9`, `"size":12`, 1)
			}
			_, err := Verify(strings.NewReader(text), ours.Key(), one.kept...)
			var found *Tampering
			require.True(t, errors.As(err, &found), "%v", err)
			found.Why = ""
			require.Equal(t, one.want, *found)
		})
	}
}

func TestWhatIsNoExportOrNoKeySaysSo(t *testing.T) {
	l := grown("GM0861", 3, ours)
	_, err := Verify(strings.NewReader("{}\n"), ours.Key())
	require.ErrorContains(t, err, "not an export")
	_, err = Verify(strings.NewReader(l.export()), "hello")
	require.ErrorContains(t, err, "the public key is not readable")
	_, err = NewSigner([]byte("short"))
	require.Error(t, err)
}

// Whatever is changed in an export, Verify does not take it for the one that was sealed.
func TestNoChangeOfABytePasses(t *testing.T) {
	l := grown("GM0861", 12, ours)
	whole := l.export()
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(whole)-1).Draw(t, "at")
		to := rapid.Byte().Draw(t, "to")
		if whole[at] == to {
			t.Skip("the same")
		}
		changed := []byte(whole)
		changed[at] = to
		v, err := Verify(bytes.NewReader(changed), ours.Key())
		if err != nil {
			return
		}
		root, _ := l.tree.Root()
		require.Equal(t, root, v.Root, "a change outside of the entries alone may pass")
		require.Equal(t, uint64(12), v.Size)
	})
}

// A tree that is taken up from its edge, at any size, is the tree that grew in one go; and the nodes that were kept prove it.
func TestATreeGoesOnFromItsEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 70).Draw(t, "size")
		stop := rapid.IntRange(0, size).Draw(t, "stop")
		nodes := map[[2]uint64][]byte{}
		whole, err := NewTree(0, nil)
		require.NoError(t, err)
		for i := range size {
			if i == stop {
				var edge [][]byte
				for _, id := range Edge(uint64(stop)) {
					edge = append(edge, nodes[[2]uint64{uint64(id.Level), id.Index}])
				}
				whole, err = NewTree(uint64(stop), edge)
				require.NoError(t, err)
			}
			leaf := HashOf(fmt.Append(nil, i))
			nodes[[2]uint64{0, uint64(i)}] = leaf
			made, err := whole.Append(leaf)
			require.NoError(t, err)
			for _, n := range made {
				nodes[[2]uint64{uint64(n.Level), n.Index}] = n.Hash
			}
		}
		root, err := whole.Root()
		require.NoError(t, err)
		index := rapid.IntRange(0, size-1).Draw(t, "index")
		path, err := Prove(func(id NodeID) ([]byte, error) { return nodes[[2]uint64{uint64(id.Level), id.Index}], nil }, uint64(index), uint64(size))
		require.NoError(t, err)
		require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), HashOf(fmt.Append(nil, index)), path, root))
	})
}
