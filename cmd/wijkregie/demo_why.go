package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// why is step 4: anybody may ask why he sees something or not; the director sees what a partner sees, what
// a change would do, and decides otherwise for one dossier.
func (r *run) why(ctx context.Context) error {
	for _, do := range []func(context.Context) error{r.explain, r.preview, r.simulate, r.except} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// explain lets the police ask about themselves, and about another.
func (r *run) explain(ctx context.Context) error {
	police := r.as("police")
	ask := func(about string) client.AccessQuestion {
		return client.AccessQuestion{
			ProfessionalId: nullable.NewNullableWithValue(r.as(about).professional), DossierId: r.family.Id,
			Category: nullable.NewNullableWithValue("health"), Act: client.AccessActRead,
		}
	}
	answer, err := got[client.AccessExplanation](police.ExplainAccess(ctx, ask("police")))
	if err != nil {
		return err
	}
	if answer.Allowed || len(answer.Needed) == 0 {
		return differs("the police may read health (%t), and would need %d things; they should not, and need something", answer.Allowed, len(answer.Needed))
	}
	r.allowed("the police ask why they do not see health: %s\n           what it would take: %s", answer.DecidedBy.Text, answer.Needed[0].Text)
	if err := r.refused(problem.Forbidden, "the police ask the same about the nurse")(police.ExplainAccess(ctx, ask("mental-health"))); err != nil {
		return err
	}
	about, err := got[client.AccessExplanation](r.as("director").ExplainAccess(ctx, ask("mental-health")))
	if err != nil {
		return err
	}
	if !about.Allowed {
		return differs("the nurse may not read what she supplied: %s", about.DecidedBy.Text)
	}
	r.allowed("the director asks it about the nurse: %s", about.DecidedBy.Text)
	return nil
}

// preview compares what the director sees as the police with what the police see.
func (r *run) preview(ctx context.Context) error {
	as := func(_ context.Context, q *http.Request) error {
		q.Header.Set("Preview-As-Professional", r.as("police").professional.String())
		return nil
	}
	own, err := got[client.ItemList](r.as("police").ListItems(ctx, r.family.Id, nil))
	if err != nil {
		return err
	}
	seen, err := got[client.ItemList](r.as("director").ListItems(ctx, r.family.Id, nil, as))
	if err != nil {
		return err
	}
	ids := func(list client.ItemList) (all []uuid.UUID) {
		for _, i := range list.Items {
			all = append(all, i.Id)
		}
		return all
	}
	if !slices.Equal(ids(own), ids(seen)) {
		return differs("the preview has %d items, the police %d; they should be the same", len(seen.Items), len(own.Items))
	}
	withheld := 0
	for _, i := range seen.Items {
		if i.Text == "[withheld]" {
			withheld++
		}
	}
	r.allowed("the director looks as the police: the same %d items, of which %d he may not read himself show [withheld]", len(seen.Items), withheld)
	return r.refused(problem.Forbidden, "the chair looks as the police")(r.as("chair").ListItems(ctx, r.family.Id, nil, as))
}

// simulate asks what a draft would do, and throws it away.
func (r *run) simulate(ctx context.Context) error {
	draft := client.NewMatrixDraft{Cells: defaultCells()}
	for i, c := range draft.Cells {
		if kind, err := c.PartnerType.Get(); err == nil && kind == "police" && c.Category == "housing" {
			draft.Cells[i].Level = client.MatrixLevelNone
		}
	}
	begun, err := r.beginDraft(ctx, draft)
	if err != nil {
		return err
	}
	effect, err := got[client.MatrixSimulation](r.as("director").SimulateMatrix(ctx))
	if err != nil {
		return err
	}
	if effect.Totals.ItemsLost == 0 || effect.Totals.ItemsGained != 0 {
		return differs("without housing the police lose %d items and somebody gains %d; they should lose some, and nobody gain", effect.Totals.ItemsLost, effect.Totals.ItemsGained)
	}
	r.allowed("the director asks what it would do to take housing from the police: %d item(s) lost, %d dossier(s) lost", effect.Totals.ItemsLost, effect.Totals.DossiersLost)
	_, err = read(r.as("director").DeleteMatrixDraft(ctx, &client.DeleteMatrixDraftParams{IfMatch: &begun.Etag}))
	return err
}

// except takes a category from the police in one dossier, and gives it back.
func (r *run) except(ctx context.Context) error {
	police, director := r.as("police"), r.as("director")
	before, err := got[client.ItemList](police.ListItems(ctx, r.family.Id, nil))
	if err != nil {
		return err
	}
	none := client.NewMatrixException{PartnerId: police.partner, Category: "housing", Level: client.MatrixLevelNone, Reason: "The approach begins with the tenancy."}
	if err := r.refused(problem.Forbidden, "the case director makes an exception")(
		r.as("case-director").MakeMatrixException(ctx, r.family.Id, nil, none)); err != nil {
		return err
	}
	exception, err := made[client.MatrixException](director.MakeMatrixException(ctx, r.family.Id, nil, none))
	if err != nil {
		return err
	}
	during, err := got[client.ItemList](police.ListItems(ctx, r.family.Id, nil))
	if err != nil {
		return err
	}
	if len(during.Items) != len(before.Items)-1 {
		return differs("the police see %d items with the exception and %d without; it should be one less", len(during.Items), len(before.Items))
	}
	r.allowed("the director takes housing from the police in this dossier: at their next request they see one item less")
	params := &client.RevokeMatrixExceptionParams{IfMatch: &exception.Etag}
	_, err = read(director.RevokeMatrixException(ctx, r.family.Id, exception.Id, params, client.NewRevocation{Reason: "It is not needed any more."}))
	if err != nil {
		return err
	}
	after, err := got[client.ItemList](police.ListItems(ctx, r.family.Id, nil))
	if err == nil && len(after.Items) != len(before.Items) {
		return differs("the police see %d items after the revocation and %d before the exception", len(after.Items), len(before.Items))
	}
	r.allowed("and revokes it: they see it again; both stay on record")
	return err
}
