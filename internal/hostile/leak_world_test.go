package hostile

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// archive is a municipality full of records, each with a text that is found back wherever it comes out.
type archive struct {
	*live.World
	files   []*file
	records []record
	places  map[string]bool // path of every resource that was made
}

// everything lets every partner type do everything, so that there is something of every kind.
func everything() []authz.Cell {
	cells := matrix.Default()
	for i := range cells {
		if cells[i].PartnerType != "residents" { // who never stand above their own entries
			cells[i].Level = authz.Edit
		}
	}
	return cells
}

// newArchive fills a municipality under a matrix that lets everybody supply.
func newArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{World: live.Bare(t), places: map[string]bool{}}
	a.Impose(t, demo.Veldhoven, everything())
	for _, kind := range [][2]string{{"person", "wgs"}, {"situation", "covenant"}, {"group", "social-domain"}} {
		takers := []string{"police", "mental-health", "housing"}
		if kind[1] == "wgs" { // a housing association is a third party there
			takers = takers[:2]
		}
		a.fill(t, kind[0], kind[1], takers...)
	}
	a.link(t, a.files[0], a.files[1])
	a.withdraw(t)
	a.withhold(t)
	a.correct(t)
	a.document(t)
	a.except(t)
	a.enter(t)
	a.decide(t)
	a.hold(t)
	a.assess(t)
	a.identify(t)
	a.conclude(t)
	a.prioritise(t)
	a.propose(t)
	a.plan(t)
	a.frame(t)
	a.inform(t)
	closed := a.fill(t, "family", "covenant", "police", "mental-health")
	a.made(a.CaseAt(closed.id).Close(t))
	closed.closed = true
	return a
}

// mark is a text that stands nowhere else.
func (a *archive) mark(r record) string {
	r.mark = fmt.Sprintf("mark%04dx", len(a.records))
	a.records = append(a.records, r)
	return r.mark
}

// made notes where something is.
func (a *archive) made(r *live.Reply) *live.Reply {
	a.places[r.Want(http.StatusCreated).Place()] = true
	return r
}

func (a *archive) fill(t *testing.T, kind, basis string, takers ...string) *file {
	t.Helper()
	f := &file{kind: kind, basis: basis, members: []string{"social", "chair", "case-director"}}
	title := a.mark(record{in: f, what: "title", category: authz.Identity})
	c := a.Opened(t, live.M{"type": kind, "basis": basis, "title": title})
	f.id, f.path = c.ID, c.Path
	a.places[c.Path] = true
	a.files = append(a.files, f)
	a.made(c.Direct(t))
	for _, short := range takers {
		a.made(c.Join(t, "case-director", short))
		f.members = append(f.members, short)
	}
	a.supply(t, c, f, takers)
	a.agree(t, c, f, takers)
	a.meet(t, c, f)
	return f
}

// supply adds items that differ in who may see them.
func (a *archive) supply(t *testing.T, c *live.Case, f *file, suppliers []string) {
	for i, category := range []authz.Category{authz.Health, authz.Police, authz.Housing, authz.LifeDomain, authz.Judicial, authz.Identity, authz.NameList} {
		by := person(suppliers[i%len(suppliers)])
		if f.basis == "social-domain" && (category == authz.Police || category == authz.Judicial) {
			by = person("police") // nobody else sees there what he supplies
		}
		r := record{in: f, what: "item", category: category, partner: by.Partner}
		more := live.M{}
		switch i % 4 {
		case 1:
			r.withheld, more["conditions"] = "social-domain", []live.M{{"withholdFrom": "social-domain"}}
		case 2:
			r.secret, more["secrecy"] = true, live.M{}
		case 3:
			r.secret, r.ground, more["secrecy"] = true, true, live.M{"ground": "good-care"}
		}
		partners := []string{}
		if !r.secret || r.ground {
			r.all = i%2 == 0
			if !r.all {
				r.released, partners = []string{"social-domain"}, []string{a.Partner("social")}
			}
		}
		release := r
		item := a.As(t, by.Short).Post(c.Path+"/items", with(more, live.M{"category": category.Slug(), "text": a.mark(r), "observedOn": "2026-01-15"}))
		if item.Status == http.StatusForbidden {
			a.records = a.records[:len(a.records)-1]
			continue
		}
		a.made(item)
		if r.all || r.released != nil {
			release.what = "release"
			made := a.made(a.As(t, by.Short).Post(item.Place()+"/releases", live.M{"partnerIds": partners, "purpose": a.mark(release)}))
			a.places["/v1/releases/"+made.ID()] = true
		}
	}
}

func with(a, b live.M) live.M {
	for name, value := range b {
		a[name] = value
	}
	return a
}

// agree makes an action for each partner, and completes the first.
func (a *archive) agree(t *testing.T, c *live.Case, f *file, carriers []string) {
	for i, short := range carriers {
		by := person(short)
		r := record{in: f, what: "action", category: authz.Action, partner: by.Partner}
		action := a.made(a.As(t, "case-director").Post("/v1/actions", live.M{
			"dossierId": c.ID, "partnerId": a.Partner(short), "professionalId": a.Person(short), "description": a.mark(r), "lifeDomain": "nuisance",
			"kind": "preventive", "track": "support", "dueDate": "2199-12-01",
		}))
		if i > 0 {
			continue
		}
		r.what = "step"
		for path, more := range map[string]live.M{"/deferrals": {"dueDate": "2199-12-20"}, "/assignments": {"partnerId": a.Partner(short)}} {
			a.made(a.As(t, short).Post(action.Place()+path, with(more, live.M{"reason": a.mark(r)}), "If-Match: *"))
		}
		for _, path := range []string{"/cancellations", "/reopenings"} {
			a.made(a.As(t, "chair").Post(action.Place()+path, live.M{"reason": a.mark(r)}, "If-Match: *"))
		}
		r.what = "completion"
		a.made(a.As(t, short).Post(action.Place()+"/completions", live.M{"result": "partly", "note": a.mark(r)}, "If-Match: *"))
	}
}

// meet puts the dossier on an agenda, deliberates and decides.
func (a *archive) meet(t *testing.T, c *live.Case, f *file) {
	chair := a.As(t, "chair")
	meeting := a.made(chair.Post("/v1/meetings", live.M{
		"title": "Overleg", "chairId": a.Person("chair"), "startsAt": "2199-01-10T09:00:00+01:00", "endsAt": "2199-01-10T10:30:00+01:00",
	}))
	subject := a.mark(record{in: f, what: "agenda", category: authz.Core, invited: []string{"police"}})
	item := a.made(chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": c.ID, "title": subject}))
	a.made(chair.Post(meeting.Place()+"/invitations", live.M{"professionalId": a.Person("police"), "agendaItemIds": []string{item.ID()}}))
	f.invited = append(f.invited, "police")
	a.places["/v1/agenda-items/"+item.ID()] = true
	said := record{in: f, what: "deliberation", category: authz.Deliberation}
	a.made(chair.Post("/v1/agenda-items/"+item.ID()+"/deliberations", live.M{
		"socialPerspective": a.mark(said), "safetyPerspective": a.mark(said), "contributions": []live.M{}}))
	said.what = "decision"
	a.made(chair.Post("/v1/agenda-items/"+item.ID()+"/decisions", live.M{
		"text": a.mark(said), "reasons": "Praten gaat voor.", "professionalIds": []string{}, "actions": []live.M{}}))
}

// leads are those who know how a dossier was opened to whom.
func leads(who demo.Person) bool {
	return slices.Contains([]string{"director", "chair", "case-director"}, who.Short)
}

// except lets the director decide otherwise in one dossier, for partners and for somebody who takes no part.
func (a *archive) except(t *testing.T) {
	f, director := a.files[1], a.As(t, "director")
	for _, e := range []cell{{"police", authz.Housing, authz.None}, {"mental-health", authz.Police, authz.Read}, {"housing", authz.Health, authz.OnRelease}} {
		f.exceptions = append(f.exceptions, e)
		reason := a.mark(record{in: f, what: "exception", category: authz.Core, only: leads})
		made := a.made(director.Post(f.path+"/matrix-exceptions", live.M{
			"partnerId": a.Partner(e.of), "category": e.category.Slug(), "level": string(e.level), "reason": reason}))
		if e.of != "housing" {
			continue
		}
		f.exceptions = f.exceptions[:len(f.exceptions)-1]
		ended := a.mark(record{in: f, what: "revocation", category: authz.Core, only: leads})
		a.made(director.Post(made.Place()+"/revocations", live.M{"reason": ended}, live.Match(made.Tag())))
	}
	grant := func(category authz.Category, short string) *live.Reply {
		reason := a.mark(record{in: f, what: "grant", category: authz.Core, only: func(who demo.Person) bool { return leads(who) || who.Short == short }})
		return a.made(director.Post(f.path+"/grants", live.M{
			"professionalId": a.Person(short), "categories": []string{category.Slug()}, "level": "read", "reason": reason, "until": time.Now().Add(time.Hour)}))
	}
	f.granted = append(f.granted, cell{"auditor", authz.Housing, authz.Read})
	grant(authz.Housing, "auditor")
	ended := grant(authz.Health, "privacy-officer")
	reason := a.mark(record{in: f, what: "revocation", category: authz.Core, only: leads})
	a.made(director.Post(ended.Place()+"/revocations", live.M{"reason": reason}, live.Match(ended.Tag())))
}

// withhold lets the police take something back from mental health care, and something else for a while.
func (a *archive) withhold(t *testing.T) {
	f, police := a.files[0], a.As(t, "police")
	supplier := func(who demo.Person) bool { return who.Partner == "police" }
	for i, from := range []string{"mental-health", "social"} {
		r := record{in: f, what: "item", category: authz.Housing, partner: "police", withheld: []string{"mental-health-care", ""}[i]}
		item := a.made(police.Post(f.path+"/items", live.M{"category": "housing", "text": a.mark(r), "observedOn": "2026-01-15"}))
		r.what, r.only = "withholding", supplier
		made := a.made(police.Post(item.Place()+"/withholdings", live.M{"partnerId": a.Partner(from), "reason": a.mark(r)}))
		if i == 0 {
			continue
		}
		a.places["/v1/withholdings/"+made.ID()] = true
		r.what = "lifting"
		a.made(police.Post("/v1/withholdings/"+made.ID()+"/liftings", live.M{"reason": a.mark(r)}, live.Match(made.Tag())))
	}
}

// enter lets somebody into a dossier by breaking the glass, and has somebody ask for more; the police come
// in by an invitation.
func (a *archive) enter(t *testing.T) {
	f := a.fill(t, "family", "consent", "housing")
	known := func(who demo.Person) bool {
		return leads(who) || slices.Contains([]string{"mental-health", "privacy-officer"}, who.Short)
	}
	purpose := record{in: f, what: "emergency", only: known, outside: true}
	taken := a.made(a.As(t, "mental-health").Post("/v1/emergency-accesses", live.M{
		"dossierNumber": a.As(t, "director").Get(f.path).Text("number"), "purpose": a.mark(purpose)}))
	f.emergency = append(f.emergency, "mental-health")
	purpose.what = "review"
	a.made(a.As(t, "director").Post(taken.Place()+"/reviews", live.M{"outcome": "justified", "findings": a.mark(purpose)}, live.Match(taken.Tag())))

	f = a.files[1]
	ask := record{in: f, what: "request", category: authz.Core, only: func(who demo.Person) bool {
		return slices.Contains([]string{"director", "police", "mental-health"}, who.Short)
	}}
	asked := a.made(a.As(t, "police").Post("/v1/access-requests", live.M{
		"dossierId": f.id, "category": "health", "supplierId": a.Partner("mental-health"), "purpose": a.mark(ask)}))
	ask.what, ask.only = "answer", func(who demo.Person) bool { return slices.Contains([]string{"director", "mental-health"}, who.Short) }
	a.made(a.As(t, "director").Post(asked.Place()+"/answers", live.M{"outcome": "refused", "note": a.mark(ask)}, live.Match(asked.Tag())))
}

// decide takes dossiers through their life: one is triaged, closed and reopened, another comes on another basis.
func (a *archive) decide(t *testing.T) {
	chair, f := a.As(t, "chair"), a.files[1]
	reason := func(f *file, what string) string { return a.mark(record{in: f, what: what, category: authz.Core}) }
	criteria := []live.M{}
	for _, one := range []string{"a", "b", "c", "d"} {
		criteria = append(criteria, live.M{"criterion": one, "answer": "met", "substantiation": reason(f, "triage")})
	}
	a.made(chair.Post(f.path+"/triages", live.M{"criteria": criteria, "advice": "accept", "reason": reason(f, "triage")}, live.Match("*")))
	a.made(chair.Post(f.path+"/status-changes", live.M{"to": "triage", "reason": reason(f, "status change")}, live.Match("*")))
	a.made(a.CaseAt(f.id).Close(t))
	a.made(chair.Post(f.path+"/reopenings", live.M{"ground": "relapse", "reason": reason(f, "reopening")}))
	f = a.files[slices.IndexFunc(a.files, func(f *file) bool { return f.basis == "consent" })]
	a.made(chair.Post(f.path+"/basis-changes", live.M{
		"basis": "covenant", "purpose": reason(f, "basis change"), "reason": reason(f, "basis change")}, live.Match("*")))
	f.basis = "covenant"
}

// withdraw takes back a release of its own, of which something is known to who reads the item.
func (a *archive) withdraw(t *testing.T) {
	f := a.files[0]
	r := record{in: f, what: "withdrawal", category: authz.Guidance, partner: "police"}
	police := a.As(t, "police")
	item := a.made(police.Post(f.path+"/items", live.M{"category": "guidance", "text": a.mark(r), "observedOn": "2026-01-15"}))
	release := a.made(police.Post(item.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": a.mark(r)}))
	a.places["/v1/releases/"+release.ID()] = true
	a.made(police.Post("/v1/releases/"+release.ID()+"/withdrawals", live.M{"reason": a.mark(r)}, live.Match(release.Tag())))
}

// correct lets the police replace what they supplied, and take back something else, of which nobody reads more than
// that they did.
func (a *archive) correct(t *testing.T) {
	f, police := a.files[0], a.As(t, "police")
	r := record{in: f, what: "item", category: authz.Guidance, partner: "police"}
	supply := func(r record) *live.Reply {
		return a.made(police.Post(f.path+"/items", live.M{"category": "guidance", "text": a.mark(r), "observedOn": "2026-01-15"}))
	}
	item := supply(r)
	a.made(police.Post(item.Place()+"/corrections", live.M{"text": a.mark(r), "reason": a.mark(r)}, live.Match(item.Tag())))
	r.only = func(demo.Person) bool { return false }
	item = supply(r)
	r.what, r.only = "withdrawal", func(who demo.Person) bool { return who.Partner == "police" }
	a.made(police.Post(item.Place()+"/withdrawals", live.M{"reason": a.mark(r), "breach": true}, live.Match(item.Tag())))
}

func (a *archive) link(t *testing.T, f, other *file) {
	note := a.mark(record{in: f, also: other, what: "link", category: authz.Core})
	a.made(a.As(t, "director").Post(f.path+"/links", live.M{"otherDossierId": other.id, "kind": "person-situation", "note": note}))
}

func person(short string) demo.Person {
	p, err := demo.Find(short)
	if err != nil {
		panic(err) // the test names somebody who is not there
	}
	return p
}

// below is what stands under a place by a template: nothing when it does not fit.
func below(template, place string) (string, bool) {
	want, have := strings.Split(template, "/"), strings.Split(place, "/")
	if len(have) > len(want) {
		return "", false
	}
	for i, part := range want {
		switch {
		case i >= len(have) && strings.HasPrefix(part, "{"):
			return "", false
		case i < len(have) && part != have[i] && !strings.HasPrefix(part, "{"):
			return "", false
		}
	}
	return strings.Join(append(have, want[len(have):]...), "/"), true
}
