package ledger

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// The kinds of tampering that Verify names.
const (
	Altered      = "altered"      // what stands at a place is not what was sealed there
	Missing      = "missing"      // nothing stands at a place
	Added        = "added"        // something stands between two places that follow one another
	Reordered    = "reordered"    // an entry stands at the place of another
	Truncated    = "truncated"    // the end is missing
	Rewritten    = "rewritten"    // the entries follow one another, and are not those that were signed
	Forked       = "forked"       // two checkpoints of one size have different roots
	Foreign      = "foreign"      // it is of another municipality
	WrongKey     = "wrong-key"    // a checkpoint is not signed by the key
	BackDated    = "back-dated"   // it says that it happened long before it was sealed, or after
	Replayed     = "replayed"     // it is older than the checkpoint that the auditor kept
	Unverifiable = "unverifiable" // nothing signed vouches for it
)

// Tampering is the first thing that is wrong with an export.
type Tampering struct {
	Kind  string
	Index uint64 // place of the entry that it is about; of a checkpoint its size
	Why   string
}

// Error implements error.
func (t *Tampering) Error() string { return fmt.Sprintf("entry %d is %s: %s", t.Index, t.Kind, t.Why) }

// Slack is how much earlier than a checkpoint an entry may have happened that is not in it: entries are sealed within seconds,
// and before each checkpoint.
const Slack = time.Hour

// Verified is what an export proves.
type Verified struct {
	Municipality string
	Size         uint64
	Root         []byte
	Checkpoints  int
	Signed       uint64 // how many entries the latest checkpoint vouches for
	SignedAt     time.Time
}

// Verify reads an export and holds it against the public key, and against checkpoints that the auditor kept from before. It
// fails with a *Tampering that names the first thing that is wrong. It needs neither database nor network, and of each entry
// keeps its hash and time alone.
func Verify(r io.Reader, key string, kept ...string) (v Verified, err error) {
	c := &check{key: key}
	var own []Checkpoint
	for _, text := range kept {
		one, err := OpenCheckpoint(text, key)
		if err != nil {
			return v, unsigned(err)
		}
		own = append(own, one)
	}
	if err := c.read(r); err != nil {
		return v, err
	}
	roots, err := c.roots(append(own, c.notes...))
	if err != nil {
		return v, err
	}
	v = Verified{Municipality: c.head.Municipality, Size: uint64(len(c.hashes)), Root: roots[uint64(len(c.hashes))], Checkpoints: len(c.notes)}
	for _, one := range c.notes {
		if one.Size >= v.Signed {
			v.Signed, v.SignedAt = one.Size, one.At
		}
	}
	return v, c.hold(own, roots)
}

// check is a verification under way.
type check struct {
	key    string
	head   Heading
	notes  []Checkpoint
	hashes [][]byte
	times  []int64 // of each entry, when it happened, in microseconds
	last   place
	broken *Tampering // found, and to be told once it is known by what is after it
}

// place is what Verify reads of a leaf.
type place struct {
	Municipality string    `json:"municipality"`
	Index        uint64    `json:"index"`
	Previous     string    `json:"previous"`
	SealedAt     time.Time `json:"sealedAt"`
	At           time.Time `json:"at"`
}

func (c *check) read(r io.Reader) error {
	in := bufio.NewReaderSize(r, 256<<10)
	head, err := line(in)
	if err != nil || json.Unmarshal(head, &c.head) != nil || c.head.Form != form {
		return fmt.Errorf("ledger: this is not an export of the audit (%s)", form)
	}
	for {
		text, err := line(in)
		switch {
		case errors.Is(err, io.EOF):
			return c.ended()
		case err != nil:
			return fmt.Errorf("ledger: %w", err)
		case bytes.HasPrefix(text, []byte(`{"checkpoint":`)):
			err = c.note(text)
		default:
			err = c.leaf(text)
		}
		if err != nil {
			return err
		}
	}
}

func line(in *bufio.Reader) ([]byte, error) {
	text, err := in.ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(text) > 0 {
		err = nil
	}
	return bytes.TrimSuffix(text, []byte("\n")), err
}

// note reads a checkpoint of the export.
func (c *check) note(text []byte) error {
	var s sealed
	if err := json.Unmarshal(text, &s); err != nil {
		return &Tampering{Altered, c.head.Size, "a checkpoint is not readable"}
	}
	one, err := OpenCheckpoint(s.Checkpoint, c.key)
	if err != nil {
		return unsigned(err)
	}
	if one.Municipality != c.head.Municipality {
		return &Tampering{Foreign, one.Size, "a checkpoint is of another municipality than the export"}
	}
	c.notes = append(c.notes, one)
	return nil
}

func unsigned(err error) error {
	if errors.Is(err, ErrSignature) {
		return &Tampering{WrongKey, 0, "a checkpoint is not signed by the key, or is not as it was signed"}
	}
	return err
}

// leaf holds one line against the one before it.
func (c *check) leaf(text []byte) error {
	next := uint64(len(c.hashes))
	var l place
	if err := json.Unmarshal(text, &l); err != nil {
		return &Tampering{Altered, next, "it is not readable"}
	}
	if c.broken != nil {
		return c.after(l)
	}
	switch before := c.previous(); {
	case l.Municipality != c.head.Municipality:
		return &Tampering{Foreign, next, "it is of another municipality than the export"}
	case l.Index > next:
		c.broken = &Tampering{Missing, next, "the entry that follows has a later place"}
		return nil
	case l.Index < next:
		return &Tampering{Added, next, fmt.Sprintf("place %d comes a second time", l.Index)}
	case l.Previous != before:
		c.broken = &Tampering{Altered, max(next, 1) - 1, "the entry after it was sealed upon another"}
	case l.SealedAt.Before(c.last.SealedAt):
		return &Tampering{BackDated, next, "it was sealed before the entry in front of it"}
	case l.At.Sub(l.SealedAt) > Slack:
		return &Tampering{BackDated, next, "it says that it happened after it was sealed"}
	}
	c.hashes, c.times, c.last = append(c.hashes, HashOf(text)), append(c.times, l.At.UnixMicro()), l
	return nil
}

// previous is the hash of the leaf that was read last.
func (c *check) previous() string {
	if len(c.hashes) == 0 {
		return ""
	}
	return Text(c.hashes[len(c.hashes)-1])
}

// after tells by what comes later what is wrong: a place that was missing comes yet, or what was sealed upon the entry in hand
// shows that this one is as it was.
func (c *check) after(l place) error {
	switch {
	case c.broken.Kind == Missing && l.Index == c.broken.Index:
		return &Tampering{Reordered, l.Index, "it comes after entries that were sealed later"}
	case c.broken.Kind == Altered && l.Previous != c.previous():
		return &Tampering{Altered, c.last.Index, "neither the entry before it nor the one after it fits"}
	case c.broken.Kind == Altered:
		return c.broken
	}
	return nil
}

// ended tells what is wrong when nothing comes any more.
func (c *check) ended() error {
	switch size := uint64(len(c.hashes)); {
	case c.broken != nil:
		return c.broken
	case size < c.head.Size:
		return &Tampering{Truncated, size, fmt.Sprintf("the export names %d entries", c.head.Size)}
	case size > c.head.Size:
		return &Tampering{Added, c.head.Size, fmt.Sprintf("the export names %d entries", c.head.Size)}
	}
	return nil
}

// roots are those of the tree at the sizes of checkpoints, and at its end.
func (c *check) roots(of []Checkpoint) (map[uint64][]byte, error) {
	roots := map[uint64][]byte{uint64(len(c.hashes)): nil}
	for _, one := range of {
		roots[one.Size] = nil
	}
	tree, err := NewTree(0, nil)
	if err != nil {
		return nil, err
	}
	for i := 0; ; i++ {
		if _, asked := roots[uint64(i)]; asked {
			if roots[uint64(i)], err = tree.Root(); err != nil {
				return nil, err
			}
		}
		if i == len(c.hashes) {
			return roots, nil
		}
		if _, err := tree.Append(c.hashes[i]); err != nil {
			return nil, err
		}
	}
}

// hold compares the roots with those that were signed.
func (c *check) hold(own []Checkpoint, roots map[uint64][]byte) error {
	size := uint64(len(c.hashes))
	if len(c.notes) == 0 {
		return &Tampering{Unverifiable, size, "the export holds no checkpoint"}
	}
	var vouched uint64 // up to here all is as it was signed
	for _, one := range c.notes {
		switch {
		case one.Size > size:
			return &Tampering{Truncated, size, fmt.Sprintf("a checkpoint was signed of %d entries", one.Size)}
		case !bytes.Equal(one.Root, roots[one.Size]):
			return &Tampering{Rewritten, vouched, fmt.Sprintf("from here to %d the entries are not those that were signed", one.Size)}
		}
		vouched = max(vouched, one.Size)
	}
	for _, one := range own {
		switch {
		case one.Municipality != c.head.Municipality:
			return &Tampering{Foreign, one.Size, "the checkpoint that was kept is of another municipality"}
		case one.Size > size:
			return &Tampering{Replayed, size, fmt.Sprintf("the checkpoint that was kept is of %d entries", one.Size)}
		case !bytes.Equal(one.Root, roots[one.Size]):
			return &Tampering{Forked, one.Size, "the checkpoint that was kept is of another history, signed by the same key"}
		}
	}
	if vouched < size {
		return &Tampering{Unverifiable, vouched, "no checkpoint vouches for it and what follows"}
	}
	return c.dated()
}

// dated holds each entry against the latest checkpoint before it.
func (c *check) dated() error {
	notes := slices.Clone(c.notes)
	slices.SortStableFunc(notes, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	earliest := int64(math.MinInt64)
	for i, at := range c.times {
		for len(notes) > 0 && notes[0].Size <= uint64(i) {
			earliest, notes = notes[0].At.Add(-Slack).UnixMicro(), notes[1:]
		}
		if at < earliest {
			return &Tampering{BackDated, uint64(i), "it says that it happened long before a checkpoint in which it is not"}
		}
	}
	return nil
}
