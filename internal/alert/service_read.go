package alert

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// see cuts alerts to what the caller may know at this moment. Those on dossiers that he does not
// know are left out, and those by a rule that he may not read.
func (s *Service) see(ctx context.Context, lines []line) ([]Seen, error) {
	events := make([]delivery.Event, len(lines))
	for i, l := range lines {
		events[i] = l.Event
	}
	sight, err := s.look(ctx, events)
	if err != nil {
		return nil, err
	}
	seen := make([]Seen, 0, len(lines))
	for _, l := range lines {
		if sight.shows(l.Event, l.ByRule) {
			seen = append(seen, s.tell(ctx, l, sight))
		}
	}
	return seen, nil
}

// tell is one alert in the words of the reader's language.
func (s *Service) tell(ctx context.Context, l line, sight sight) Seen {
	a := Seen{
		ID: l.AlertID, Sequence: l.Seq, Kind: sight.kind(l.Event, l.Named), Dossier: sight.refs[l.Dossier()], Fields: []string{}, At: l.At,
		AcknowledgedAt: l.AcknowledgedAt,
	}
	a.Text = s.label(a.Kind).In(language.From(ctx))
	if l.DossierID != nil {
		a.Text += " in dossier " + a.Dossier.Number // "in dossier" is Dutch as well
	}
	if !sight.reads(l.Event, l.Named) {
		return a
	}
	a.Subject, a.Fields, a.ActorID = &journal.Subject{Type: l.SubjectType, ID: l.SubjectID}, l.Fields, l.ActorID
	a.Urgent = highPriority(l.Name)
	if about := sight.actions[l.SubjectID]; about != "" {
		a.Text += ": " + about
	}
	return a
}

// label is what a kind is called; a kind without a name is told as a change.
func (s *Service) label(kind string) language.Text {
	if code, ok := s.labels[kind]; ok {
		return code.Label
	}
	return s.labels[Unreadable].Label
}

// look reads what the caller may know of what is behind events, in one query per kind of subject.
func (s *Service) look(ctx context.Context, events []delivery.Event) (sight sight, err error) {
	subjects := map[string][]uuid.UUID{}
	dossiers := map[uuid.UUID]bool{}
	for _, e := range events {
		if e.DossierID != nil {
			dossiers[*e.DossierID] = true
		}
		subjects[e.SubjectType] = append(subjects[e.SubjectType], e.SubjectID)
	}
	ids := slices.Collect(maps.Keys(dossiers))
	who, err := identity.From(ctx)
	if err != nil {
		return sight, err
	}
	sight.directs = who.Has(identity.MunicipalDirector)
	sight.guards = sight.directs || who.Has(identity.PrivacyOfficer)
	if err := s.k.Authz.Expect(ctx, ids...); err != nil {
		return sight, err
	}
	refs, items := s.m.Dossiers.RefsLater(ctx, ids), s.m.Dossiers.VisibleItemsLater(ctx, subjects["item"])
	if sight.views, err = s.k.Authz.Views(ctx, ids...); err != nil { // sends all three
		return sight, err
	}
	if sight.visible, err = items(); err != nil {
		return sight, err
	}
	if sight.refs, err = s.refs(ctx, ids, refs); err != nil {
		return sight, err
	}
	if sight.actions, err = s.m.Plans.Visible(ctx, subjects["action"]); err != nil {
		return sight, err
	}
	for kind, visible := range map[string]func(context.Context, []uuid.UUID) (map[uuid.UUID]bool, error){
		"link": s.m.Dossiers.VisibleLinks, "meeting": s.m.Meetings.Visible, "document": s.m.Documents.Visible,
		"access-request": s.m.Dossiers.AskedRequests, "information-request": s.m.Dossiers.VisibleInformationRequests,
		"agenda-proposal": s.m.Meetings.VisibleProposals, "overlap-notice": s.m.Overlaps,
	} {
		if len(subjects[kind]) == 0 {
			continue
		}
		some, err := visible(ctx, subjects[kind])
		if err != nil {
			return sight, err
		}
		maps.Copy(sight.visible, some)
	}
	return sight, nil
}

// refs reads number and title of dossiers; of one that is closed to ordinary reading the number
// alone, for who directs it.
func (s *Service) refs(ctx context.Context, ids []uuid.UUID, open func() (map[uuid.UUID]dossier.Ref, error)) (map[uuid.UUID]dossier.Ref, error) {
	refs, err := open()
	if err != nil {
		return nil, err
	}
	closed := slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { _, there := refs[id]; return there })
	found, err := s.m.Dossiers.FindAll(ctx, closed)
	for id, d := range found {
		refs[id] = dossier.Ref{ID: id, Number: d.Number}
	}
	return refs, err
}
