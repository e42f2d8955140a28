package authz

// Act is one thing that a cell of the matrix can let a partner do, as a bit.
type Act uint8

// The acts. See-all includes the lower sees, edit-all includes edit-own.
const (
	SeeReleased Act = 1 << iota
	SeeOwn
	SeeAll
	Add
	EditOwn
	EditAll
)

// Level is the value of a cell (autorisatiematrix-legenda.csv): a set of acts, not a rank.
type Level string

// The levels, with their letter in the matrix as people write it.
const (
	None       Level = "none"       // N
	OnRelease  Level = "on-release" // C: after release by the supplier
	Own        Level = "own"        // O: own entries only
	Read       Level = "read"       // R
	Contribute Level = "contribute" // A: see all, add and edit own
	Edit       Level = "edit"       // W
)

// Levels lists the levels as the contract names them.
func Levels() []Level { return []Level{None, OnRelease, Own, Read, Contribute, Edit} }

// Acts is the set of acts of a level; none for an unknown level.
func (l Level) Acts() Act {
	const seeAll = SeeAll | SeeOwn | SeeReleased
	switch l {
	case OnRelease:
		return SeeReleased
	case Own:
		return SeeReleased | SeeOwn | Add | EditOwn
	case Read:
		return seeAll
	case Contribute:
		return seeAll | Add | EditOwn
	case Edit:
		return seeAll | Add | EditOwn | EditAll
	default:
		return 0
	}
}

// Names lists the acts of the set as the contract names them.
func (a Act) Names() []string {
	names := []string{"see-released", "see-own", "see-all", "add", "edit-own", "edit-all"}
	var in []string
	for i, name := range names {
		if a&(1<<i) != 0 {
			in = append(in, name)
		}
	}
	return in
}

// Letter is the level as the matrix is written in a table: N, C, O, R, A or W.
func (l Level) Letter() string {
	for i, level := range Levels() {
		if level == l {
			return string("NCORAW"[i])
		}
	}
	return ""
}

// LevelOf reads a letter; None and false when it is not one.
func LevelOf(letter string) (Level, bool) {
	for _, level := range Levels() {
		if level.Letter() == letter {
			return level, true
		}
	}
	return None, false
}
