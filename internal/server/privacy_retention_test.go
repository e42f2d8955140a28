package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L07_the_clock_runs_from_the_first_processing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	seen := w.As(t, "case-director").Get(f.Path + "/retention").Want(ok)
	assert.Equal(t, []any{"dossier-covenant", "BGS 1.16", today(), 60.0, false}, []any{seen.At("kind"), seen.At("source"), seen.At("firstProcessedOn"), seen.At("months"), seen.At("due")})
	aged(t, w, f, 60)
	assert.Equal(t, []any{today(), true}, []any{w.As(t, "police").Get(f.Path + "/retention").Want(ok).At("dueOn"), w.As(t, "police").Get(f.Path + "/retention").At("due")})
	w.As(t, "privacy-officer").Get(f.Path + "/retention").Check(notFound)
}

func TestPrivacy_L07_what_is_due_is_destroyed_after_a_dry_run_and_a_decision(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	empty := officer.Post(retentionDesk, nil).Want(created)
	officer.Post(empty.Place()+"/decisions", deciding(), anyTag).Check(conflict)

	stays, goes := w.Case(t), due(t, w)
	about(t, w, goes.Path)
	goes.Item(t, "police", "police")
	number := w.As(t, "case-director").Get(goes.Path).Want(ok).Text("number")
	run := officer.Post(retentionDesk, nil).Want(created)
	assert.Equal(t, []any{"dry", []string{goes.ID}, number, "dossier-covenant"}, []any{run.At("status"), run.Texts("candidates", "id"), run.At("candidates.0.number"), run.At("candidates.0.kind")})
	w.As(t, "case-director").Get(goes.Path).Want(ok)
	officer.Post(run.Place()+"/decisions", deciding(), live.Match(run.Tag())).Want(created)
	done := carriedOut(t, w, run.Place())
	assert.Equal(t, []any{1.0, 0.0}, []any{done.At("destroyed"), done.At("kept")})
	w.As(t, "case-director").Get(goes.Path).Check(notFound)
	w.As(t, "case-director").Get(stays.Path).Check(ok)

	all := w.As(t, "auditor").Get(run.Place() + "/certificates").Want(ok)
	assert.Equal(t, []any{goes.ID, number, 60.0, 0.0, w.Person("privacy-officer")}, []any{
		all.At("items.0.destroyedId"), all.At("items.0.number"), all.At("items.0.months"), all.At("items.0.copiesFound"), all.At("items.0.decidedById")})
	assert.Contains(t, all.Texts("items.0.records", "kind"), "item")
	officer.Post(run.Place()+"/decisions", deciding(), anyTag).Check(conflict)
}
