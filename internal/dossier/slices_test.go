package dossier

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// TestSlices holds what is derived from random participations, exceptions, grants, invitations and
// emergencies against the formula in words, at every moment at which something begins, ends or lasts.
func TestSlices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, partners := someWays(t)
		d := Dossier{MunicipalityID: "GM0861", ID: newID(), Type: Family, Basis: Covenant, OpenedAt: hours(0)}
		all := admissionsOf(d, w, uuid.New())[1:]
		cell := rapid.SampledFrom(authz.Levels()).Draw(t, "cell")
		for half := range 50 {
			at := hours(0).Add(time.Duration(half) * 30 * time.Minute)
			for _, p := range partners {
				for _, holder := range append([]uuid.UUID{p.id}, p.people...) {
					for _, c := range fewCategories() {
						require.Equal(t, inWords(w, p.id, holder, c, cell, at), bySlices(all, holder, c, cell, at), "%s at %s", c.Slug(), at)
					}
				}
			}
		}
	})
}

// TestSlicesNeverOverlap: at one moment a way into a dossier gives one thing.
func TestSlicesNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, _ := someWays(t)
		all := admissionsOf(Dossier{ID: newID(), Type: Family, Basis: Covenant, OpenedAt: hours(0)}, w, uuid.New())
		for i, a := range all {
			require.True(t, a.Until == nil || a.Until.After(a.Since), "a slice lasts")
			for _, b := range all[:i] {
				if a.sameWay(b) {
					require.False(t, runs(a.Since, a.Until, b.Since) || runs(b.Since, b.Until, a.Since), "%v and %v", a, b)
				}
			}
		}
	})
}

// inWords is the formula as contract.md puts it: over his live ways into the dossier, the acts of the cell
// that counts, the dossier's own exception first, with what the way itself grants.
func inWords(w ways, partner, holder uuid.UUID, c authz.Category, cell authz.Level, at time.Time) (acts authz.Act) {
	for _, e := range w.exceptions {
		if e.PartnerID == partner && e.Category == c && !at.Before(e.Since) && (e.Until == nil || at.Before(*e.Until)) && (e.RevokedAt == nil || at.Before(*e.RevokedAt)) {
			cell = e.Level
		}
	}
	for _, p := range w.participants {
		named := slices.Contains(p.ProfessionalIDs, holder) || holder == p.PartnerID && len(p.ProfessionalIDs) > 0
		if named && !at.Before(p.StartsAt) && (p.EndsAt == nil || at.Before(*p.EndsAt)) {
			acts |= cell.Acts()
		}
	}
	for _, g := range w.grants {
		if g.ProfessionalID == holder && !at.Before(g.Since) && at.Before(g.Until) && (g.RevokedAt == nil || at.Before(*g.RevokedAt)) {
			acts |= cell.Acts()
			if slices.Contains(g.Categories, c) {
				acts |= g.Level.Acts()
			}
		}
	}
	for _, m := range w.meetings {
		if m.ProfessionalID == holder && !at.Before(m.Since) && at.Before(m.Until) {
			acts |= cell.Acts()
		}
	}
	for _, e := range w.emergencies {
		if e.ProfessionalID == holder && !at.Before(e.Since) && at.Before(e.Until) && c != authz.Health {
			acts |= cell.Acts()
		}
	}
	return acts
}

// bySlices is what those slices give that last at a moment.
func bySlices(all []Admission, holder uuid.UUID, c authz.Category, cell authz.Level, at time.Time) (acts authz.Act) {
	for _, a := range all {
		if a.Holder != holder || at.Before(a.Since) || a.Until != nil && !at.Before(*a.Until) {
			continue
		}
		if a.Denied&c.Bit() == 0 {
			acts |= cell.Acts()
		}
		for act, mask := range map[authz.Act]int64{
			authz.SeeReleased: a.GrantedReleased, authz.SeeOwn: a.GrantedOwn, authz.SeeAll: a.Granted, authz.Add: a.GrantedAdd,
			authz.EditOwn: a.GrantedEditOwn, authz.EditAll: a.GrantedEditAll,
		} {
			if mask&c.Bit() != 0 {
				acts |= act
			}
		}
	}
	return acts
}

type crew struct {
	id     uuid.UUID
	people []uuid.UUID
}

func fewCategories() []authz.Category {
	return []authz.Category{authz.Identity, authz.Health, authz.Police}
}

// hours is a moment of the day on which everything happens.
func hours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

// someWays are ways of two partners into a dossier. Of a partner and category one exception holds at a time,
// as the service sees to.
func someWays(t *rapid.T) (w ways, partners []crew) {
	for range 2 {
		p := crew{newID(), []uuid.UUID{newID(), newID()}}
		partners = append(partners, p)
		for _, c := range fewCategories() {
			w.exceptions = append(w.exceptions, someExceptions(t, p.id, c)...)
		}
		for range rapid.IntRange(0, 2).Draw(t, "participations") {
			since, until := somePeriod(t)
			names := p.people[:rapid.IntRange(0, 2).Draw(t, "names")]
			w.participants = append(w.participants, Participant{ID: newID(), PartnerID: p.id, ProfessionalIDs: names, StartsAt: since, EndsAt: until})
		}
		for range rapid.IntRange(0, 3).Draw(t, "grants") {
			w.grants = append(w.grants, someGrant(t, p))
		}
		if since, until := somePeriod(t); until != nil {
			w.meetings = append(w.meetings, MeetingAccess{ID: newID(), PartnerID: p.id, ProfessionalID: p.people[0], Since: since, Until: *until})
		}
		if since, until := somePeriod(t); until != nil {
			w.emergencies = append(w.emergencies, EmergencyAccess{ID: newID(), PartnerID: p.id, ProfessionalID: p.people[1], Since: since, Until: *until})
		}
	}
	return w, partners
}

func someExceptions(t *rapid.T, partner uuid.UUID, c authz.Category) (all []Exception) {
	at := 0
	for range rapid.IntRange(0, 3).Draw(t, "exceptions") {
		since := at + rapid.IntRange(0, 4).Draw(t, "after")
		at = since + rapid.IntRange(1, 5).Draw(t, "for")
		e := Exception{ID: newID(), PartnerID: partner, Category: c, Level: rapid.SampledFrom(authz.Levels()).Draw(t, "level"), Since: hours(since)}
		switch rapid.SampledFrom([]string{"ends", "is revoked", "lasts"}).Draw(t, "and") {
		case "ends":
			e.Until = new(hours(at))
		case "is revoked":
			e.Until, e.RevokedAt = new(hours(at+6)), new(hours(at))
		default:
			return append(all, e)
		}
		all = append(all, e)
	}
	return all
}

func someGrant(t *rapid.T, p crew) Grant {
	since := rapid.IntRange(0, 10).Draw(t, "since")
	g := Grant{
		ID: newID(), PartnerID: p.id, ProfessionalID: rapid.SampledFrom(p.people).Draw(t, "to"), Level: rapid.SampledFrom(authz.Levels()).Draw(t, "level"),
		Categories: rapid.SliceOfNDistinct(rapid.SampledFrom(fewCategories()), 0, 2, rapid.ID).Draw(t, "categories"),
		Since:      hours(since), Until: hours(since + rapid.IntRange(1, 8).Draw(t, "for")),
	}
	if rapid.Bool().Draw(t, "revoked") {
		g.RevokedAt = new(hours(since + rapid.IntRange(1, 8).Draw(t, "after")))
	}
	return g
}

func somePeriod(t *rapid.T) (since time.Time, until *time.Time) {
	first := rapid.IntRange(0, 12).Draw(t, "since")
	if length := rapid.IntRange(0, 10).Draw(t, "for"); length > 0 {
		until = new(hours(first + length))
	}
	return hours(first), until
}
