package organisation

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Token is what a verified token says of who brings it. Roles and rights are not among it.
type Token struct {
	Issuer       string
	Subject      string
	ClientID     string // client_id or azp; a registered client's is a UUID
	OIN          string // organisation number; empty when the token has none
	Municipality string // CBS code; empty when the token does not say
	Person       bool   // whether a person is behind it, and not a system
	Expires      time.Time
}

// client is the id of a client as this product gives it; zero for one of another issuer.
func (t Token) client() uuid.UUID {
	id, err := uuid.Parse(t.ClientID)
	if err != nil || id.String() != t.ClientID {
		return uuid.Nil
	}
	return id
}

// choose says for which municipality the caller acts: the one that the token names, the one that the header
// Municipality names, or the only one. It fails with problem.Unauthenticated when the records know the
// token in none, and with problem.Invalid, naming only the caller's own, when the header is wrong or missing.
func (t Token) choose(homes []Municipality, header string) (string, error) {
	if t.Municipality != "" {
		var named []Municipality
		for _, home := range homes {
			if home.ID == t.Municipality {
				named = append(named, home)
			}
		}
		homes = named
	}
	if len(homes) == 0 {
		return "", unknown()
	}
	if header == "" && len(homes) == 1 {
		return homes[0].ID, nil
	}
	own := make([]string, 0, len(homes))
	for _, home := range homes {
		if home.ID == header {
			return header, nil
		}
		own = append(own, fmt.Sprintf("%s (%s)", home.ID, home.Name))
	}
	return "", problem.Faults{
		problem.Field{In: "header", Name: "Municipality", Code: "municipality"}.Detailf("Say for which municipality you act: %s.", strings.Join(own, ", ")),
	}.Err()
}

// admits refuses who may not come in any more, whatever his token says; and a token that says it is
// of another organisation than the records.
func (at standing) admits(t Token, zone *time.Location, now time.Time) error {
	switch {
	case at.PartnerStatus != Active:
		return problem.Errorf(problem.Unauthenticated, "Your organisation has no access at present; ask the municipality's administrator.")
	case at.ClientID != uuid.Nil && at.ClientStatus != Active:
		return problem.Errorf(problem.Unauthenticated, "This client is withdrawn; register a new one.")
	case at.ClientID != uuid.Nil && at.ClientPartnerID != at.PartnerID,
		t.OIN != "" && at.Oin != "" && t.OIN != at.Oin:
		return problem.Errorf(problem.Unauthenticated, "The token is of another organisation than the records say; ask the municipality's administrator.")
	case at.ValidUntil != nil && !now.Before(expiry(*at.ValidUntil, zone)):
		return problem.Errorf(problem.Unauthenticated, "Your access has ended; ask the administrator of your organisation.")
	}
	return nil
}

// identity is who acts. It ends with the token, or before when the professional's access or screening does.
func (at standing) identity(t Token, duties []duty, zone *time.Location, now time.Time) identity.Identity {
	who := identity.Identity{
		Municipality: at.Municipality,
		Partner:      at.PartnerID, PartnerType: at.PartnerType,
		Professional: at.ProfessionalID,
		Client:       at.ClientID,
		Roles:        at.Roles,
		TokenExpires: t.Expires,
		Versions:     identity.Versions{People: at.People},
	}
	if !t.Person && at.ClientID != uuid.Nil {
		who.Categories = set(at.Categories)
	}
	if at.ProfessionalID != uuid.Nil && at.ProfessionalID != at.PartnerID { // not nobody in particular of a partner
		who.TokenExpires, who.Unmet = at.ends(t.Expires, zone, now.In(zone)), at.unmet(now.In(zone))
	}
	who.Substitutes = standsInFor(duties, zone)
	return who
}

// standsInFor are the periods in which somebody stands in for others. Those that overlap are one: each of
// them goes with every request.
func standsInFor(duties []duty, zone *time.Location) (all []identity.Substitution) {
	last := map[uuid.UUID]int{} // the place of the latest period for each
	for _, d := range duties {  // the earliest first
		until := d.EndsAt
		if d.ValidUntil != nil {
			until = earlier(until, expiry(*d.ValidUntil, zone))
		}
		one := identity.Substitution{For: d.ProfessionalID, From: d.StartsAt.UTC(), Until: until.UTC()}
		i, there := last[one.For]
		if there && !one.From.After(all[i].Until) {
			all[i].Until = later(all[i].Until, one.Until)
			continue
		}
		last[one.For] = len(all)
		all = append(all, one)
	}
	return all
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// unknown is a token of nobody who is known here.
func unknown() error {
	return problem.Errorf(problem.Unauthenticated, "Nobody is known here by this token; ask the municipality's administrator to register you.")
}
