package server_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const checkpoints = "/v1/audit-checkpoints"

func TestAudit_an_export_verifies_with_the_public_key_alone(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, auditor := w.Case(t), w.As(t, "auditor")
	const secret = "Dit staat nergens in het spoor."
	item := w.As(t, "police").Post(f.Path+"/items", live.M{"category": "police", "policeArticle": "8", "text": secret, "observedOn": "2026-01-15"}).Want(created).ID()
	first := auditor.Post(checkpoints, live.M{}).Want(created)
	f.Item(t, "housing", "housing")
	second := auditor.Post(checkpoints, live.M{}).Want(created)

	whole := exported(t, auditor, second.ID())
	v, err := ledger.Verify(strings.NewReader(whole), second.Text("publicKey"), first.Text("note"))
	require.NoError(t, err)
	assert.Equal(t, second.Text("rootHash"), ledger.Text(v.Root))
	assert.Equal(t, second.At("size"), float64(v.Size))
	assert.NotContains(t, whole, secret)
	assert.Contains(t, whole, item)
	for _, kind := range []string{`"kind":"change"`, `"kind":"access"`, `"event":"item.added"`, `"operation":"addItem"`} {
		assert.Contains(t, whole, kind)
	}

	t.Run("every entry of the trail is proved by itself", func(t *testing.T) {
		all := auditor.Get("/v1/audit-entries?subjectId=" + item).Want(ok).IDs()
		require.NotEmpty(t, all)
		for _, id := range all {
			proved := auditor.Get(second.Place() + "/inclusion-proof?entryId=" + id).Want(ok)
			line, err := base64.StdEncoding.DecodeString(proved.Text("leaf"))
			require.NoError(t, err)
			leaf := ledger.HashOf(line)
			assert.Equal(t, ledger.Text(leaf), proved.Text("leafHash"))
			index, _ := proved.At("index").(float64)
			require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), v.Size, leaf, hashes(t, proved.At("path")), v.Root))
		}
		late := f.Item(t, "police", "police").ID()
		id := auditor.Get("/v1/audit-entries?subjectId=" + late).Want(ok).IDs()[0]
		auditor.Get(second.Place() + "/inclusion-proof?entryId=" + id).Check(notFound)
	})
	t.Run("a checkpoint goes on from an earlier one", func(t *testing.T) {
		path := auditor.Get(second.Place() + "/consistency-proof?since=" + first.ID()).Want(ok)
		size, _ := first.At("size").(float64)
		require.NoError(t, proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(size), v.Size, hashes(t, path.At("path")), raw(t, first.Text("rootHash")), v.Root))
		refused(t, auditor.Get(first.Place()+"/consistency-proof?since="+second.ID()), "order")
	})
	t.Run("of another municipality nothing is there", func(t *testing.T) {
		assert.NotContains(t, whole, `"municipality":"GM0762"`)
	})
}

// What is changed in the database by its owner is named: the first entry that was altered or taken away.
func TestAudit_what_the_owner_of_the_database_changes_is_named(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, auditor := w.Case(t), w.As(t, "auditor")
	item := f.Item(t, "police", "police").ID()
	kept := auditor.Post(checkpoints, live.M{}).Want(created)
	index := func() uint64 {
		id := auditor.Get("/v1/audit-entries?event=item.added&subjectId=" + item).Want(ok).IDs()[0]
		at, _ := auditor.Get(kept.Place() + "/inclusion-proof?entryId=" + id).Want(ok).At("index").(float64)
		return uint64(at)
	}()
	for _, one := range []struct{ kind, change string }{
		{ledger.Altered, `update audit_entry set fields = '["title"]' where subject_id = $1 and event = 'item.added'`},
		{ledger.Missing, "delete from audit_entry where subject_id = $1 and event = 'item.added'"},
	} {
		t.Run(one.kind, func(t *testing.T) {
			w.Exec(t, "alter table audit_entry disable trigger stays")
			w.Exec(t, one.change, item)
			_, err := ledger.Verify(strings.NewReader(exported(t, auditor, kept.ID())), kept.Text("publicKey"))
			var found *ledger.Tampering
			require.True(t, errors.As(err, &found), "%v", err)
			assert.Equal(t, one.kind, found.Kind)
			assert.Equal(t, index, found.Index)
		})
	}
}

func TestAudit_nobody_changes_an_entry_in_passing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	w.Case(t)
	w.As(t, "auditor").Post(checkpoints, live.M{}).Want(created)
	conn, err := pgx.Connect(t.Context(), w.Database)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	for _, table := range []string{"audit_entry", "access_line", "ledger_leaf", "ledger_node", "ledger_checkpoint"} {
		for _, change := range []string{"update " + table + " set municipality_id = 'GM0762'", "delete from " + table, "truncate " + table + " cascade"} {
			_, err := conn.Exec(t.Context(), change)
			assert.ErrorContains(t, err, "a log line stays as it is", "%s", change)
		}
	}
}

// exported is the export of a checkpoint.
func exported(t *testing.T, who *live.Client, checkpoint string) string {
	t.Helper()
	return string(who.Get(checkpoints + "/" + checkpoint + "/export").Want(ok).Raw)
}

func raw(t *testing.T, text string) []byte {
	t.Helper()
	hash, err := hex.DecodeString(text)
	require.NoError(t, err)
	return hash
}

func hashes(t *testing.T, of any) (all [][]byte) {
	t.Helper()
	texts, _ := of.([]any)
	for _, one := range texts {
		text, _ := one.(string)
		all = append(all, raw(t, text))
	}
	return all
}

// audit reads the record.
func (w *walk) audit() []step {
	no := statuses{"director": forbidden, "police-system": forbidden}
	return []step{
		{op: "createAuditCheckpoint", by: "auditor", want: created, keep: "auditCheckpointId", not: no, own: forbidden, body: func() live.M { return live.M{} }},
		{op: "listAuditCheckpoints", by: "auditor", want: ok, not: no, own: forbidden},
		{op: "getAuditCheckpoint", by: "auditor", want: ok, not: no, own: forbidden},
		{op: "exportAudit", by: "auditor", want: ok, not: no, own: forbidden},
		{op: "listAuditEntries", by: "auditor", want: ok, not: no, own: forbidden},
		{op: "proveAuditEntry", by: "auditor", want: ok, not: no, own: forbidden, first: func() {
			w.ids["auditCheckpointId"] = w.As(w.T, "auditor").Post(checkpoints, live.M{}).Want(created).ID()
			w.ids["auditEntryId"] = w.As(w.T, "auditor").Get("/v1/audit-entries?limit=200").Want(ok).IDs()[3]
		}, query: "?entryId={auditEntryId}"},
		{op: "proveAuditConsistency", by: "auditor", want: ok, not: no, own: forbidden, query: "?since={auditCheckpointId}"},
	}
}

// auditRights are the lines of the table on the record.
func (c *court) auditRights() []right {
	return []right{
		{"audit.read", "privacy-officer", "officer", "regisseur", forbidden, get(at(checkpoints))},
		{"audit.read", "auditor", "revisor", "case-director", forbidden, get(at("/v1/audit-entries"))},
	}
}
