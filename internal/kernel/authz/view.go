package authz

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// View is what the caller may do in one dossier: the union of his admissions, cut by the ceilings.
// It is evaluated from the masks in memory, independently of the database's policies.
type View struct {
	acts     byAct
	secret   byAct // by the admissions that open what is under secrecy
	roles    int
	director bool
	known    bool
	shielded bool
	partner  uuid.UUID
	bit      int // ordinal of the partner type
}

// byAct are the categories per act, in the order of the acts.
type byAct [6]int64

func (m *byAct) join(other byAct) {
	for i := range m {
		m[i] |= other[i]
	}
}

// Overlay is what a role in a dossier adds to its holder's cells, as masks: see-all, add and
// edit-all, and what he sees after release. The database has its own (role_sees).
func Overlay(roles int) (seeAll, edit, released int64) {
	if roles&(RoleCaseDirector|RoleChair) == 0 {
		return 0, 0, 0
	}
	seeAll = LifeDomain.Bit() | Plan.Bit() | Action.Bit() | Deliberation.Bit()
	if roles&RoleCaseDirector != 0 {
		edit = seeAll
	}
	if roles&RoleChair != 0 {
		edit |= Deliberation.Bit()
	}
	return seeAll, edit, allCategories
}

// gives is what an admission gives, cut by the ceiling of the legal basis. The supplier keeps his own
// entries under it.
func (a Admission) gives(s identity.Sight) byAct {
	ceiling := s.Ceiling.At(a.Profile)
	overSee, overEdit, overReleased := Overlay(a.Roles)
	cell := func(m identity.Masks) int64 { return m.At(a.Profile) &^ a.Denied }
	own := cell(s.SeeOwn) | a.GrantedOwn&s.Limit
	return byAct{
		(cell(s.SeeReleased) | a.GrantedReleased | overReleased) & ceiling,
		own,
		(cell(s.SeeAll) | a.Granted | overSee) & ceiling,
		(cell(s.Add)|a.GrantedAdd)&(ceiling|own) | overEdit&ceiling,
		cell(s.EditOwn) | a.GrantedEditOwn&s.Limit,
		(cell(s.EditAll) | a.GrantedEditAll | overEdit) & ceiling,
	}
}

// admit adds what an admission gives. One without any act gives nothing, not even the core.
func (v *View) admit(who identity.Identity, a Admission) {
	s := who.Sight
	if a.Profile < 0 || s.Admits>>a.Profile&1 == 0 {
		return
	}
	gives := a.gives(s)
	if gives[0]|gives[1]|gives[2] == 0 {
		return
	}
	v.known = true
	v.shielded = v.shielded || a.Shielded
	v.roles |= a.Roles
	v.director = v.director || a.Kind == ByRole
	v.acts.join(gives)
	if a.Kind != ByEmergency {
		v.secret.join(gives)
	}
}

// Enters tells whether its cells alone give the identity any act in a dossier of this profile, so
// that it can open one or take part in one.
func Enters(who identity.Identity, profile int) bool {
	var v View
	v.admit(who, Admission{Profile: profile})
	return v.known
}

func (v View) may(i int, c Category) bool { return c >= 0 && v.acts[i]&c.Bit() != 0 }

// Sees tells whether everything of the category in this dossier is visible to the caller.
func (v View) Sees(c Category) bool { return v.known && !v.shielded && v.may(2, c) }

// Known tells whether the caller has a live admission.
func (v View) Known() bool { return v.known }

// Leads tells whether the caller directs the dossier or chairs it.
func (v View) Leads() bool { return v.known && v.roles&(RoleCaseDirector|RoleChair) != 0 }

// Shielded tells whether the dossier is closed to ordinary reading (Wgs 2.31(8)).
func (v View) Shielded() bool { return v.shielded }

// Seeing are the acts of which any lets read.
const Seeing = SeeReleased | SeeOwn | SeeAll

// Reads applies the whole rule to one piece of content: right = entitlement ∩ ceilings.
func (v View) Reads(r Resource) bool {
	if r.Category == Core {
		return v.known && !v.shielded
	}
	return v.on(r)&Seeing != 0
}

// withheld tells whether secrecy or its supplier keeps a piece of content from the caller's partner.
func (v View) withheld(r Resource) bool {
	return r.Secret && !r.SecretGround || r.WithheldTypes>>v.bit&1 == 1 || slices.Contains(r.WithheldPartners, v.partner)
}

// on is what the caller may do with one piece of content: his acts on its category, within what limits
// this piece.
func (v View) on(r Resource) Act {
	own := r.Supplier == v.partner && v.partner != uuid.Nil
	if !v.known || v.shielded || r.Restricted || r.Category < 0 || !own && v.withheld(r) {
		return 0
	}
	if r.Secret {
		v.acts = v.secret
	}
	acts := ActsOn(v.acts, r.Category)
	if !own {
		acts &^= SeeOwn | EditOwn
	}
	if !r.Released {
		acts &^= SeeReleased
	}
	return acts
}

// viewsKey keeps the views of a transaction: each dossier is asked for once.
type viewsKey struct{}

type views struct {
	of      map[uuid.UUID]View
	waiting *db.Answer[Admission] // asked for and not read yet
}

func kept(ctx context.Context) (*views, error) {
	return db.Keep(ctx, viewsKey{}, func() (*views, error) { return &views{of: map[uuid.UUID]View{}}, nil })
}

// take reads what was asked for.
func (v *views) take(ctx context.Context, who identity.Identity) error {
	if v.waiting == nil {
		return nil
	}
	rows, err := v.waiting.Rows()
	v.waiting = nil
	seen := make(map[uuid.UUID]access.Sight, len(rows))
	for _, row := range rows {
		view := v.of[row.DossierID]
		view.partner, view.bit = who.Partner, who.Sight.PartnerType
		view.admit(who, row)
		v.of[row.DossierID] = view
		seen[row.DossierID] = view.sight(seen[row.DossierID], row)
	}
	access.Looked(ctx, seen)
	return err
}

// sight is what the log keeps of the view so far, with the admission that came last.
func (v View) sight(before access.Sight, a Admission) access.Sight {
	if !v.known {
		return before
	}
	s := access.Sight{Known: true, Basis: basisOf(a.Profile), Grounds: before.Grounds}
	if !slices.Contains(s.Grounds, a.Kind) {
		s.Grounds = append(s.Grounds, a.Kind)
	}
	if !v.shielded {
		s.Categories = v.acts[0] | v.acts[1] | v.acts[2]
	}
	return s
}

// View reads the caller's admissions to a dossier, once per transaction.
func (a *Authorizer) View(ctx context.Context, dossier uuid.UUID) (View, error) {
	views, err := a.Views(ctx, dossier)
	return views[dossier], err
}

// Views reads the caller's admissions to several dossiers in one query, and each dossier once per
// transaction.
func (a *Authorizer) Views(ctx context.Context, dossiers ...uuid.UUID) (map[uuid.UUID]View, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.Expect(ctx, dossiers...); err != nil {
		return nil, err
	}
	known, err := kept(ctx)
	if err != nil {
		return nil, err
	}
	return known.of, known.take(ctx, who)
}

// Expect says that the views of these dossiers will be needed: they come along with the next query.
func (a *Authorizer) Expect(ctx context.Context, dossiers ...uuid.UUID) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	known, err := kept(ctx)
	if err != nil {
		return err
	}
	missing := make([]uuid.UUID, 0, len(dossiers))
	for _, id := range dossiers {
		if _, there := known.of[id]; !there {
			missing = append(missing, id)
			known.of[id] = View{}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	access.Looked(ctx, unknown(missing))
	if err := known.take(ctx, who); err != nil {
		return err
	}
	known.waiting = db.Later[Admission](db.Conn(ctx).Raw(`select dossier_id, kind, profile, roles, granted, granted_released, granted_own,
		granted_add, granted_edit_own, granted_edit_all, denied, shielded from my_admissions where dossier_id = any(?)`, db.IDs(missing)))
	return nil
}

// unknown are dossiers of which nothing is decided yet.
func unknown(dossiers []uuid.UUID) map[uuid.UUID]access.Sight {
	all := make(map[uuid.UUID]access.Sight, len(dossiers))
	for _, id := range dossiers {
		all[id] = access.Sight{}
	}
	return all
}

// Forget drops what this transaction knows of the caller's admissions to a dossier, after they
// changed.
func Forget(ctx context.Context, dossier uuid.UUID) {
	known, err := kept(ctx)
	if err != nil {
		return
	}
	if known.waiting != nil { // its rows are from before the change
		known.of, known.waiting = map[uuid.UUID]View{}, nil
	}
	delete(known.of, dossier)
}

// Now is the clock of the decisions.
func (a *Authorizer) Now() time.Time { return a.now().UTC() }
