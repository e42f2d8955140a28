package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// piece is an information item with those who must see it; everybody else in the dossier must not.
type piece struct {
	client.Item
	what  string
	seers []string
}

// shareInformation is step 3: participants by name, items by category, release by the supplier.
func (r *run) shareInformation(ctx context.Context) error {
	if err := r.participate(ctx); err != nil {
		return err
	}
	pieces, err := r.supply(ctx)
	if err != nil {
		return err
	}
	if err := r.checkSight(ctx, pieces); err != nil {
		return err
	}
	r.showSight(pieces...)
	return r.release(ctx, pieces)
}

// participate lets the case director add who takes part in the family's dossier.
func (r *run) participate(ctx context.Context) error {
	if err := r.refused(problem.NotFound, "housing reads the family's dossier before it takes part")(
		r.as("housing").GetDossier(ctx, r.family.Id)); err != nil {
		return err
	}
	police := client.NewParticipant{
		PartnerId: r.as("police").partner, Role: client.ParticipantRoleParticipant, ProfessionalIds: []uuid.UUID{r.as("police").professional},
	}
	if err := r.refused(problem.Forbidden, "social, who opened it, adds the police now that there is a case director")(
		r.as("social").AddParticipant(ctx, r.family.Id, nil, police)); err != nil {
		return err
	}
	for _, short := range []string{"police", "mental-health", "housing"} {
		if err := r.join(ctx, r.as("case-director"), r.family, short); err != nil {
			return err
		}
	}
	return nil
}

// supply lets partners add items, and tells who must see each of them before anything is released:
// the cells of the default matrix, the roles in the dossier, and the supplier.
func (r *run) supply(ctx context.Context) ([]*piece, error) {
	health := client.NewItem{Category: "health", LifeDomain: new("mental-health"), Secrecy: &client.NewSecrecy{Ground: new(client.SecrecyGroundExplicitConsent)},
		Text: "Treated for anxiety since spring; sleeps badly and avoids people at the door."}
	if err := r.refused(problem.Forbidden, "the police add health data")(r.as("police").AddItem(ctx, r.family.Id, nil, today(health))); err != nil {
		return nil, err
	}
	pieces := []*piece{}
	for _, s := range []struct {
		by, what string
		item     client.NewItem
		seers    []string
	}{
		{"police", "police data", client.NewItem{Category: "police", PoliceArticle: new(client.PoliceArticleN8), LifeDomain: new("offending"), Source: new("Own observation"),
			Text: "64 hemp plants in the attic, and an unsafe bypass of the electricity meter."}, []string{"police", "police-system"}},
		{"mental-health", "health data", health, []string{"mental-health"}},
		{"mental-health", "health data that stay with the nurse", client.NewItem{Category: "health", Secrecy: &client.NewSecrecy{},
			Text: "What was said in a session."}, []string{"mental-health"}},
		{"housing", "the rent", client.NewItem{Category: "finance", LifeDomain: new("finances"),
			Text: "Three months behind with the rent; eviction is announced for January."}, []string{"housing", "case-director", "social", "director"}},
		{"housing", "the state of the house", client.NewItem{Category: "housing", LifeDomain: new("housing"),
			Text: "Damp in the attic, the smoke detectors were taken down."},
			[]string{"housing", "case-director", "social", "director", "chair", "police", "mental-health"}},
	} {
		item, err := made[client.Item](r.as(s.by).AddItem(ctx, r.family.Id, nil, today(s.item)))
		if err != nil {
			return nil, err
		}
		r.allowed("%s adds %s (category %s)", s.by, s.what, item.Category)
		pieces = append(pieces, &piece{Item: item, what: s.what, seers: s.seers})
	}
	return pieces, nil
}

// today is the item as observed on the day before, which has passed everywhere.
func today(item client.NewItem) client.NewItem {
	item.ObservedOn = openapi.Date{Time: time.Now().UTC().AddDate(0, 0, -1)}
	return item
}

// inFamily are those who know the family's dossier.
func inFamily() []string {
	return []string{"director", "chair", "case-director", "social", "police", "mental-health", "housing", "police-system"}
}

// checkSight holds list and detail, as everybody in the dossier gets them, against who must see what.
func (r *run) checkSight(ctx context.Context, pieces []*piece) error {
	for _, short := range inFamily() {
		list, err := got[client.ItemList](r.as(short).ListItems(ctx, r.family.Id, nil))
		if err != nil {
			return err
		}
		for _, p := range pieces {
			listed := slices.ContainsFunc(list.Items, func(i client.Item) bool { return i.Id == p.Id })
			if err := r.checkPiece(ctx, p, short, listed); err != nil {
				return err
			}
		}
	}
	return nil
}

// showSight tells who sees what, after it was checked.
func (r *run) showSight(pieces ...*piece) {
	for _, p := range pieces {
		hidden := slices.DeleteFunc(inFamily(), func(short string) bool { return slices.Contains(p.seers, short) })
		r.tell("  seen     %s (category %s): by %s\n           hidden, in the list and by its id (404), from %s",
			p.what, p.Category, strings.Join(p.seers, ", "), strings.Join(hidden, ", "))
	}
}

// checkPiece holds one item for one reader against what must be.
func (r *run) checkPiece(ctx context.Context, p *piece, short string, listed bool) error {
	sees := slices.Contains(p.seers, short)
	if listed != sees {
		return differs("%s (%s) in the list of %s: %t; it should be %t", p.what, p.Category, short, listed, sees)
	}
	answer, err := r.as(short).GetItem(ctx, r.family.Id, p.Id)
	if !sees {
		if _, err := refusal(problem.NotFound, answer, err); err != nil {
			return differs("%s (%s) for %s: %w", p.what, p.Category, short, err)
		}
		return nil
	}
	_, err = got[client.Item](answer, err)
	return err
}

// release lets the nurse release one item to the case: who may see what is released sees it then.
func (r *run) release(ctx context.Context, pieces []*piece) error {
	health, kept := pieces[1], pieces[2]
	toTheCase := client.NewRelease{PartnerIds: []uuid.UUID{}, Purpose: "Deciding together on support.", Conditions: new("Not to be passed on outside the case.")}
	nurse := r.as("mental-health")
	if err := r.refused(problem.NotFound, "the police release the nurse's item")(
		r.as("police").ReleaseItem(ctx, r.family.Id, health.Id, nil, toTheCase)); err != nil {
		return err
	}
	if err := r.refused(problem.Conflict, "the nurse releases what is under secrecy without a ground")(
		nurse.ReleaseItem(ctx, r.family.Id, kept.Id, nil, toTheCase)); err != nil {
		return err
	}
	if _, err := made[client.Release](nurse.ReleaseItem(ctx, r.family.Id, health.Id, nil, toTheCase)); err != nil {
		return err
	}
	r.allowed("the nurse releases one item to the case, for a purpose and on a condition")
	health.seers = append(health.seers, "director", "chair", "case-director", "social")
	if err := r.checkSight(ctx, pieces); err != nil {
		return err
	}
	r.showSight(health)
	r.tell("           and who sees the other items has not changed")
	return r.refused(problem.Forbidden, "the case director, who sees it now, releases it further")(
		r.as("case-director").ReleaseItem(ctx, r.family.Id, health.Id, nil, toTheCase))
}
