package main

import (
	"context"
	"net/http"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// publishMatrix is step 1: only the municipal director decides who may see what.
func (r *run) publishMatrix(ctx context.Context) error {
	draft := client.NewMatrixDraft{Cells: defaultCells()}
	if err := r.refused(problem.Forbidden, "the police begin a draft of the matrix")(r.as("police").PutMatrixDraft(ctx, nil, draft)); err != nil {
		return err
	}
	begun, err := r.beginDraft(ctx, draft)
	if err != nil {
		return err
	}
	r.allowed("the director begins a draft with the default: %d cells", len(begun.Cells))
	publication, err := r.publication(ctx)
	if err != nil {
		return err
	}
	params := &client.PublishMatrixParams{IfMatch: &begun.Etag}
	version, err := made[client.MatrixVersion](r.as("director").PublishMatrix(ctx, params, publication))
	if err != nil {
		return err
	}
	r.allowed("the director publishes it, with reasons; it is version %d and decides from now on", version.Version)
	if err := r.refused(problem.Conflict, "the director publishes once more, without a draft")(
		r.as("director").PublishMatrix(ctx, params, publication)); err != nil {
		return err
	}
	inForce, err := got[client.AuthorisationMatrix](r.as("police").GetAuthorisationMatrix(ctx))
	if err != nil {
		return err
	}
	if inForce.Version != version.Version || len(inForce.Cells) != len(draft.Cells) {
		return differs("version %d with %d cells is in force; it should be version %d with %d", inForce.Version, len(inForce.Cells), version.Version, len(draft.Cells))
	}
	r.allowed("the police read the matrix: everybody may know who sees what")
	return nil
}

// publication is with what the draft is published: reasons, and the warnings that the director reads and
// acknowledges.
func (r *run) publication(ctx context.Context) (client.NewPublication, error) {
	publication := client.NewPublication{Reason: "The default of the product, agreed in the steering group."}
	checked, err := got[client.MatrixFindings](r.as("director").GetMatrixDraftFindings(ctx))
	if err != nil {
		return publication, err
	}
	for _, finding := range checked.Findings {
		if finding.Severity != client.FindingSeverityWarning {
			return publication, differs("the default has a finding that blocks it: %s", finding.Code)
		}
		publication.Acknowledged = append(publication.Acknowledged, finding.Id)
	}
	r.allowed("the director reads what was found in it, %d warnings and no error, and acknowledges them", len(checked.Findings))
	return publication, nil
}

// beginDraft puts the cells in a new draft, or in the place of one that was left.
func (r *run) beginDraft(ctx context.Context, draft client.NewMatrixDraft) (client.MatrixDraft, error) {
	director := r.as("director")
	answer, err := director.GetMatrixDraft(ctx)
	if err == nil && answer.StatusCode == http.StatusNotFound {
		if _, err := refusal(problem.NotFound, answer, nil); err != nil {
			return client.MatrixDraft{}, err
		}
		return made[client.MatrixDraft](director.PutMatrixDraft(ctx, nil, draft))
	}
	left, err := got[client.MatrixDraft](answer, err)
	if err != nil {
		return left, err
	}
	return got[client.MatrixDraft](director.PutMatrixDraft(ctx, &client.PutMatrixDraftParams{IfMatch: &left.Etag}, draft))
}

// defaultCells is the matrix that the product begins from.
func defaultCells() []client.NewMatrixCell {
	var cells []client.NewMatrixCell
	for _, c := range matrix.Default() {
		cells = append(cells, client.NewMatrixCell{
			PartnerType: nullable.NewNullableWithValue(c.PartnerType), DossierType: client.MatrixDossierType(c.DossierType),
			Category: c.Category.Slug(), Level: client.MatrixLevel(c.Level),
		})
	}
	return cells
}
