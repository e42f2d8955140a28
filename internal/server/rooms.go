package server

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/alert"
	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/oversight"
	"github.com/wijkregie/wijkregie/internal/person"
	"github.com/wijkregie/wijkregie/internal/plan"
	"github.com/wijkregie/wijkregie/internal/privacy"
)

// The areas under names of their own: a struct cannot embed two types of one name.
type (
	configurationHTTP = configuration.HTTP
	organisationHTTP  = organisation.HTTP
	matrixHTTP        = matrix.HTTP
	dossierHTTP       = dossier.HTTP
	personHTTP        = person.HTTP
	documentHTTP      = document.HTTP
	planHTTP          = plan.HTTP
	meetingHTTP       = meeting.HTTP
	alertHTTP         = alert.HTTP
	privacyHTTP       = privacy.HTTP
	oversightHTTP     = oversight.HTTP
)

// rooms are the areas of the house. An operation of the contract without a handler in one of them
// does not compile.
type rooms struct {
	*configurationHTTP
	*organisationHTTP
	*matrixHTTP
	*dossierHTTP
	*personHTTP
	*documentHTTP
	*planHTTP
	*meetingHTTP
	*alertHTTP
	*privacyHTTP
	*oversightHTTP
	entranceHTTP

	people   *organisation.Service
	matrix   *matrix.Service
	alerts   *alert.Service
	meetings *meeting.Service
	plans    *plan.Service
	private  *privacy.Service
	across   *oversight.Service
	previews *Previews
}

var _ api.StrictServerInterface = (*rooms)(nil)

// openRooms makes the areas, from the bottom of the house to the top.
func openRooms(p *Product) (*rooms, error) {
	s := p.setup
	decide, err := authz.New(s.Now, s.Log)
	if err != nil {
		return nil, err
	}
	k := kernel.Kernel{DB: p.db, Authz: decide, Journal: journal.New(s.Now, p.sequencer.Wake), Secrets: s.Secrets}
	lists := configuration.New()
	people := organisation.New(k, lists)
	cells := matrix.New(k, lists, people)
	dossiers := dossier.New(k, lists, people, cells)
	persons := person.New(k, people, dossiers)
	documents := document.New(k, document.Means{Lists: lists, People: people, Dossiers: dossiers, Scanner: s.Scanner, Log: s.Log})
	plans := plan.New(k, lists, people, dossiers)
	meetings := meeting.New(k, people, dossiers, plans)
	dossiers.BeforeClose, plans.DecisionDossier = plans.BeforeClose, meetings.DecisionDossier
	across := oversight.New(k, oversight.Means{Lists: lists, People: people, Matrix: cells, Dossiers: dossiers, Plans: plans, Meetings: meetings})
	dossiers.Figures, dossiers.Readers = across.DossierFigures, across.Readers
	people.ChairMoved = followingTable(p.db, dossiers)
	cells.OpenActions, cells.Suppliers = across.OpenActions, across.Suppliers
	meetings.Attention, meetings.PublicURL = across.Attention, s.PublicURL
	meetings.As = func(ctx context.Context, municipality string, professional uuid.UUID) (identity.Identity, error) {
		who, err := people.IdentityOf(ctx, municipality, professional)
		if err != nil {
			return who, err
		}
		return cells.Sight(ctx, who)
	}
	queue, err := delivery.NewQueue(p.db, s.Log)
	if err != nil {
		return nil, err
	}
	mailer, err := delivery.NewMailer(s.Mail, s.Log)
	if err != nil {
		return nil, err
	}
	alerts, err := alert.New(k, alert.Means{
		People: people, Lists: lists, Dossiers: dossiers, Documents: documents, Plans: plans, Meetings: meetings, Heard: p.heard, Queue: queue, Mailer: mailer, Access: p.log, Link: s.Link, Log: s.Log,
		As: meetings.As, AsClient: asClient(people, cells), AsPartner: asPartnerOf(people, cells), Hooks: hooksOf(s), PublicURL: s.PublicURL, Overlaps: persons.VisibleOverlaps,
	})
	if err != nil {
		return nil, err
	}
	across.Alerts, across.Documents = alerts, documents
	private := privacy.New(k, privacy.Means{
		Lists: lists, People: people, Matrix: cells, Dossiers: dossiers, Persons: persons, Documents: documents, Plans: plans, Meetings: meetings, Log: p.ledger, PublicURL: s.PublicURL,
	})
	p.ledger.Follow = private.RecordProcessing
	dossiers.Breached, cells.Advised = private.OpenByWithdrawal, private.Advised
	return &rooms{
		configurationHTTP: configuration.NewHTTP(lists), organisationHTTP: organisation.NewHTTP(people), matrixHTTP: matrix.NewHTTP(cells, people),
		dossierHTTP: dossier.NewHTTP(dossiers, people), personHTTP: person.NewHTTP(persons, people), documentHTTP: document.NewHTTP(documents, people), planHTTP: plan.NewHTTP(plans, people), meetingHTTP: meeting.NewHTTP(meetings, people),
		alertHTTP: alert.NewHTTP(alerts, people), privacyHTTP: privacy.NewHTTP(private, people), oversightHTTP: oversight.NewHTTP(across, people), people: people, matrix: cells, alerts: alerts, meetings: meetings, plans: plans, private: private, across: across,
		previews: &Previews{k: k, people: people, matrix: cells, alerts: alerts},
	}, nil
}

// asClient makes the identity of a client as it would be at a request now.
func asClient(people *organisation.Service, cells *matrix.Service) func(context.Context, string, uuid.UUID) (identity.Identity, error) {
	return func(ctx context.Context, municipality string, client uuid.UUID) (identity.Identity, error) {
		who, err := people.IdentityOfClient(ctx, municipality, client)
		if err != nil {
			return who, err
		}
		return cells.Sight(ctx, who)
	}
}

// asPartnerOf makes the identity of a partner's professional who is nobody in particular, as it would be at a request now.
func asPartnerOf(people *organisation.Service, cells *matrix.Service) func(context.Context, string, uuid.UUID) (identity.Identity, error) {
	return func(ctx context.Context, municipality string, partner uuid.UUID) (identity.Identity, error) {
		who, err := people.IdentityOfPartner(ctx, municipality, partner)
		if err != nil {
			return who, err
		}
		return cells.Sight(ctx, who)
	}
}

// hooksOf sends webhooks under the name by which the product is seen from outside.
func hooksOf(s Setup) *delivery.Hooks {
	origin := s.PublicURL
	if u, err := url.Parse(s.PublicURL); err == nil {
		origin = u.Hostname()
	}
	return delivery.NewHooks(delivery.HookOptions{AllowPrivate: s.PrivateHooks, Origin: origin})
}

// client is a registered client as the token endpoint wants it.
func (r *rooms) client(ctx context.Context, id uuid.UUID) (token.Client, error) {
	c, err := r.people.TokenClient(ctx, id)
	return token.Client{ID: c.ID, Municipality: c.Municipality, JWKS: c.JWKS, JWKSURI: c.JWKSURI, SecretHash: c.SecretHash, Active: c.Active}, err
}
