package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// head is where the log of a municipality stands.
type head struct {
	Size uint64
	From string // the transaction that wrote the entry which was sealed last
	Lost bool   // the database counts its transactions anew, as after a restore from a dump
}

// lock takes the log of a municipality in hand until the transaction ends: one at a time seals. The row is made on first use.
func lock(ctx context.Context, municipality string) (h head, err error) {
	conn := db.Conn(ctx)
	if err := conn.Exec("insert into ledger_head (municipality_id) values (?) on conflict do nothing", municipality).Error; err != nil {
		return h, err
	}
	err = conn.Raw("select size, sealed_from::text, sealed_from > pg_snapshot_xmin(pg_current_snapshot()) from ledger_head where municipality_id = ? for update", municipality).
		Row().Scan(&h.Size, &h.From, &h.Lost)
	return h, err
}

// entry is a row of the audit or of the access log, with the transaction that wrote it.
type entry struct {
	Xid                  string
	EntryIndex           uint64
	SealedAt             time.Time
	ID                   uuid.UUID
	At                   time.Time
	Event                string
	Fields               []string `gorm:"serializer:json"`
	InNameOf             *uuid.UUID
	ProfessionalID       *uuid.UUID
	PartnerID            *uuid.UUID
	ClientID             *uuid.UUID
	DossierID            *uuid.UUID
	SubjectType          string
	SubjectID            *uuid.UUID
	TraceID              string
	Operation            string
	Acts                 []string `gorm:"serializer:json"`
	Roles                []string `gorm:"serializer:json"`
	StandsInFor          []string `gorm:"serializer:json"`
	SeenAsPartnerID      *uuid.UUID
	SeenAsProfessionalID *uuid.UUID
	Categories           int64
	Grounds              []string `gorm:"serializer:json"`
	Basis                string
	Purpose              string
	Outcome              string
	Status               int
	SpanID               string
}

// leaf is the entry without its place.
func (e entry) leaf(kind string) Leaf {
	return Leaf{
		Kind: kind, ID: e.ID, At: e.At, Event: e.Event, Fields: e.Fields, InNameOf: e.InNameOf, Professional: e.ProfessionalID, Partner: e.PartnerID,
		Client: e.ClientID, Dossier: e.DossierID, SubjectType: e.SubjectType, Subject: e.SubjectID, Trace: e.TraceID, Operation: e.Operation, Acts: e.Acts,
		Roles: e.Roles, StandsInFor: e.StandsInFor, SeenAsPartner: e.SeenAsPartnerID, SeenAsProfessional: e.SeenAsProfessionalID, Categories: e.Categories,
		Grounds: e.Grounds, Basis: e.Basis, Purpose: e.Purpose, Outcome: e.Outcome, Status: e.Status, Span: e.SpanID,
	}
}

// of says where the entries of each kind are, and what there is of each.
var of = map[string]struct{ table, columns string }{
	Change: {"audit_entry", `e.xid::text as xid, e.id, e.at, e.event, e.fields, e.in_name_of, e.professional_id, e.partner_id, e.client_id, e.dossier_id, e.subject_type,
 e.subject_id, e.trace_id`},
	Access: {"access_line", `e.xid::text as xid, e.id, e.at, e.operation, to_json(e.acts) as acts, e.professional_id, e.partner_id, e.client_id, to_json(e.roles) as roles,
 to_json(e.stands_in_for) as stands_in_for, e.seen_as_partner_id, e.seen_as_professional_id, e.dossier_id, e.subject_type, e.subject_id, e.categories,
 to_json(e.grounds) as grounds, e.basis, e.purpose, e.outcome, e.status, e.trace_id, e.span_id`},
}

// waiting is an entry that has no place yet.
type waiting struct {
	entry
	kind string
}

// unsealed reads entries that have no place, in the order of the transactions that wrote them, and of those alone before which
// nothing can come any more. After a restore the numbers of transactions say nothing: then it is all that has no place.
func unsealed(ctx context.Context, municipality string, h head, limit int) (all []waiting, err error) {
	for kind, from := range of {
		q := "select " + from.columns + " from " + from.table + ` e where e.municipality_id = @municipality
			and not exists (select from ledger_leaf l where l.municipality_id = @municipality and l.entry_id = e.id)`
		if !h.Lost {
			q += " and e.xid >= cast(@from as xid8) and e.xid < (select pg_snapshot_xmin(pg_current_snapshot()))"
		}
		var rows []entry
		err := db.Conn(ctx).Raw(q+" order by e.xid, e.at, e.id limit @many", map[string]any{"municipality": municipality, "from": h.From, "many": limit}).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		for _, row := range rows {
			all = append(all, waiting{row, kind})
		}
	}
	slices.SortFunc(all, earlier)
	return all[:min(len(all), limit)], nil
}

// earlier orders by transaction, then by time and id. Numbers of transactions are compared as numbers.
func earlier(a, b waiting) int {
	if d := len(a.Xid) - len(b.Xid); d != 0 {
		return d
	}
	if a.Xid != b.Xid {
		if a.Xid < b.Xid {
			return -1
		}
		return 1
	}
	if d := a.At.Compare(b.At); d != 0 {
		return d
	}
	return slices.Compare(a.ID[:], b.ID[:])
}

// node reads the hash of a subtree.
func node(ctx context.Context, municipality string, id NodeID) (hash []byte, err error) {
	conn := db.Conn(ctx)
	q := conn.Raw("select hash from ledger_node where municipality_id = ? and level = ? and index = ?", municipality, id.Level, id.Index)
	if id.Level == 0 {
		q = conn.Raw("select hash from ledger_leaf where municipality_id = ? and index = ?", municipality, id.Index)
	}
	if err = q.Row().Scan(&hash); errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("ledger: the node %d/%d is not there", id.Level, id.Index)
	}
	return hash, err
}

// at is the tree of a size.
func at(ctx context.Context, municipality string, size uint64) (*Tree, error) {
	var edge [][]byte
	for _, id := range Edge(size) {
		hash, err := node(ctx, municipality, id)
		if err != nil {
			return nil, err
		}
		edge = append(edge, hash)
	}
	return NewTree(size, edge)
}

const leavesSQL = `insert into ledger_leaf (municipality_id, sealed_at, index, kind, entry_id, hash)
select $1, $2, n.* from unnest($3::bigint[], $4::text[], $5::uuid[], $6::bytea[]) n`

const nodesSQL = `insert into ledger_node (municipality_id, level, index, hash) select $1, n.* from unnest($2::smallint[], $3::bigint[], $4::bytea[]) n`

// place is a leaf that was given its place.
type placed struct {
	index uint64
	kind  string
	entry uuid.UUID
	hash  []byte
}

// save writes new leaves with the nodes that they completed, and where the log stands now.
func save(ctx context.Context, municipality string, now time.Time, leaves []placed, nodes []Node, h head) error {
	var indexes []int64
	var kinds []string
	var ids []uuid.UUID
	var hashes [][]byte
	for _, l := range leaves {
		indexes, kinds, ids, hashes = append(indexes, int64(l.index)), append(kinds, l.kind), append(ids, l.entry), append(hashes, l.hash)
	}
	all := []db.Statement{{SQL: leavesSQL, Args: []any{municipality, now, indexes, kinds, db.IDs(ids), hashes}}}
	if len(nodes) > 0 {
		var levels []int16
		var places []int64
		var subtrees [][]byte
		for _, n := range nodes {
			levels, places, subtrees = append(levels, int16(n.Level)), append(places, int64(n.Index)), append(subtrees, n.Hash)
		}
		all = append(all, db.Statement{SQL: nodesSQL, Args: []any{municipality, levels, places, subtrees}})
	}
	all = append(all, db.Statement{SQL: "update ledger_head set size = $2, sealed_from = $3::text::xid8 where municipality_id = $1", Args: []any{municipality, int64(h.Size), h.From}})
	return db.Exec(ctx, all...)
}

// between reads the leaves from a place on, as lines; of an entry that is gone there is none.
func between(ctx context.Context, municipality string, from, until uint64) (lines [][]byte, err error) {
	previous := ""
	if from > 0 {
		hash, err := node(ctx, municipality, NodeID{Index: from - 1})
		if err != nil {
			return nil, err
		}
		previous = Text(hash)
	}
	var leaves []struct {
		Index uint64
		Hash  []byte
	}
	err = db.Conn(ctx).Raw("select index, hash from ledger_leaf where municipality_id = ? and index >= ? and index < ? order by index", municipality, from, until).Scan(&leaves).Error
	if err != nil {
		return nil, err
	}
	there := map[uint64]Leaf{}
	for kind, in := range of {
		var rows []entry
		err := db.Conn(ctx).Raw("select l.index as entry_index, l.sealed_at, "+in.columns+" from ledger_leaf l join "+in.table+` e on e.municipality_id = l.municipality_id and e.id = l.entry_id
			where l.municipality_id = ? and l.index >= ? and l.index < ? and l.kind = ?`, municipality, from, until, kind).Scan(&rows).Error
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			leaf := row.leaf(kind)
			leaf.Municipality, leaf.Index, leaf.SealedAt = municipality, row.EntryIndex, row.SealedAt
			there[row.EntryIndex] = leaf
		}
	}
	for _, l := range leaves {
		leaf, ok := there[l.Index]
		leaf.Previous = previous
		previous = Text(l.Hash)
		if !ok {
			continue
		}
		line, err := leaf.Line()
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}
