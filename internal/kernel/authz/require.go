package authz

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Resource is what a decision is about; each area makes one of its records.
type Resource struct {
	ID       uuid.UUID // what is written under this decision
	Dossier  uuid.UUID // zero for what belongs to the municipality
	Category Category  // Core for a dossier's core
	Supplier uuid.UUID // the partner that supplied it, or carries it out
	Partner  uuid.UUID // the partner whose own administrator may manage it
	Asked    uuid.UUID // the partner to which a question is put
	Leader   uuid.UUID // the professional who leads it: a meeting's chair
	Self     uuid.UUID // the professional whom it concerns

	Released      bool  // released by the supplier to the caller
	Secret        bool  // under medical secrecy (BW 7:457; Wgs 2.29(2))
	SecretGround  bool  // with a ground that lifts it
	Restricted    bool  // restricted by the person concerned (AVG 18)
	WithheldTypes int64 // partner types that the supplier excluded
	// WithheldPartners are the partners from whom the supplier withholds it.
	WithheldPartners []uuid.UUID
}

// Authorizer decides. It holds the compiled table of who may do what.
type Authorizer struct {
	acts map[string]standing
	now  func() time.Time
	log  *slog.Logger
}

// New compiles the table with Casbin; it fails when the table is not sound.
func New(now func() time.Time, log *slog.Logger) (*Authorizer, error) {
	acts, err := compileActs()
	if err != nil {
		return nil, err
	}
	return &Authorizer{acts: acts, now: now, log: log}, nil
}

// Require decides whether the caller may do the act on the resource. It fails with
// problem.NotFound for what he does not know, problem.Shielded for a closed dossier and
// problem.Forbidden for what he knows and may not do; after a refusal the transaction cannot
// commit. When it allows a writing act, the resource may be written in this transaction.
func (a *Authorizer) Require(ctx context.Context, act string, r Resource) error {
	access.Asked(ctx, act, r.Dossier)
	err := a.decide(ctx, act, r)
	if err != nil {
		db.Deny(ctx, err)
		return err
	}
	if strings.HasSuffix(act, ".read") {
		return nil
	}
	return db.Allow(ctx, r.ID)
}

func (a *Authorizer) decide(ctx context.Context, act string, r Resource) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	var v View
	if r.Dossier != uuid.Nil {
		if v, err = a.View(ctx, r.Dossier); err != nil {
			return err
		}
		if !v.known {
			return db.NotFound()
		}
		if v.shielded && !a.outlasts(act, a.standing(who, v, r)) {
			return problem.Errorf(problem.Shielded, "The dossier is closed and shielded: who took part no longer reads it (Wgs 2.31(8)).")
		}
	}
	if a.standing(who, v, r)&a.acts[act] == 0 {
		return problem.Errorf(problem.Forbidden, "Your rights do not allow this; GET /v1/me shows them, and the municipal director decides on them.")
	}
	return nil
}

// outlasts tells whether an act can be done in a shielded dossier: to reopen it, to keep it longer, and to read the own decision
// that ended it. Only to have been in it is no ground for either.
func (a *Authorizer) outlasts(act string, is standing) bool {
	return (act == "dossier.reopen" || act == "ending.read" || act == "retention.extend") && is&^known&a.acts[act] != 0
}

// standing is everything that the caller is to the resource.
func (a *Authorizer) standing(who identity.Identity, v View, r Resource) standing {
	now := a.Now()
	directs := who.Has(identity.MunicipalDirector)
	administers := who.Has(identity.Administrator)
	is := anyone
	for _, s := range []struct {
		holds bool
		is    standing
	}{
		{who.IsPerson() && opens(who.PartnerType), openingPartner},
		{v.known, known},
		{v.roles&RoleCaseDirector != 0, caseDirector},
		{v.roles&RoleOpener != 0, opener},
		{v.roles&RoleChair != 0, chair},
		{directs && (r.Dossier == uuid.Nil || v.director), municipalDirector},
		{v.Reads(r), see},
		{v.may(3, r.Category), add},
		{v.may(5, r.Category) || v.may(4, r.Category) && r.Supplier == who.Partner, edit},
		{r.Supplier != uuid.Nil && r.Supplier == who.Partner && v.may(1, r.Category), supplier},
		{v.known && r.Asked != uuid.Nil && r.Asked == who.Partner && (r.Category < 0 || who.Sight.Limit&r.Category.Bit() != 0), askedPartner},
		{who.Is(r.Leader, now), leader},
		{who.Is(r.Self, now), self},
		{who.Has(identity.Chair), meetingChair},
		{administers && who.PartnerType == municipalityType, administrator},
		{administers && r.Partner != uuid.Nil && r.Partner == who.Partner, ownAdministrator},
		{who.Has(identity.PrivacyOfficer), privacyOfficer},
		{who.Has(identity.Auditor), auditor},
	} {
		if s.holds {
			is |= s.is
		}
	}
	return is
}

// municipalityType is the partner type of the municipality's own direction: an administrator there
// administers the municipality, one elsewhere his own organisation.
const municipalityType = "municipal-director"

// opens tells whether a professional of this partner type can open a dossier; the legal basis is
// asked apart.
func opens(partnerType string) bool {
	switch partnerType {
	case "residents", "riec", "incidental-third-party", "":
		return false
	}
	return true
}

// Operation is an operation of the contract that the state of a record allows, with its act.
type Operation struct {
	ID  string
	Act string
}

// Allowed lists the operations that the caller may call on the resource now: those that its state
// allows, cut by the same decision as Require.
func (a *Authorizer) Allowed(ctx context.Context, r Resource, operations []Operation) ([]string, error) {
	ids := []string{}
	for _, o := range operations {
		err := a.decide(ctx, o.Act, r)
		switch problem.KindOf(err) {
		case problem.Forbidden, problem.NotFound, problem.Shielded:
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, o.ID)
	}
	return ids, nil
}

// Dropped logs that the database returned a row that the rule in memory refuses: the second wall
// stood alone. The row is not shown.
func (a *Authorizer) Dropped(ctx context.Context, what string) {
	a.log.ErrorContext(ctx, "authorisation disagreement: a row of the database was refused by the rule in memory", "what", what)
}
