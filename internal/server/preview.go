package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/alert"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

const (
	asPartner      = "Preview-As-Partner"
	asProfessional = "Preview-As-Professional"
	// previewMark is on every answer that was made for a preview: "partner {id}" or "professional {id}".
	previewMark = "Preview-As"

	actPreview = "matrix.preview"
)

// Previews let the municipal director see what a partner or a professional sees, by asking as they
// would: the same code runs, fenced by the database as they are, and nothing can be written.
type Previews struct {
	k      kernel.Kernel
	people *organisation.Service
	matrix *matrix.Service
	alerts *alert.Service
}

// previewed is whom a preview shows: a professional, or one of a partner who is nobody in particular.
type previewed struct {
	header string
	id     uuid.UUID
}

func (p previewed) kind() string {
	if p.header == asPartner {
		return "partner"
	}
	return "professional"
}

// String is the mark on the answer.
func (p previewed) String() string { return p.kind() + " " + p.id.String() }

// preview lets the request go on as whom its headers name, when they name somebody. What needs no
// token is the same for everybody and is not previewed.
func (s *server) preview(c echo.Context, op *operation) error {
	r := c.Request()
	if op.public || !asksPreview(r) {
		return nil
	}
	if s.Previews == nil {
		return &problem.Error{Kind: problem.Forbidden}
	}
	whom, wrong := previewOf(r, op)
	ctx, err := s.Previews.begin(r.Context(), whom, wrong)
	if err != nil {
		return err
	}
	c.Response().Header().Set(previewMark, whom.String())
	access.Follow(ctx)
	c.SetRequest(r.WithContext(ctx))
	return nil
}

func asksPreview(r *http.Request) bool {
	return len(r.Header.Values(asPartner))+len(r.Header.Values(asProfessional)) > 0
}

// notInPreview refuses a preview of what stands outside the contract, rather than answer as the caller.
func notInPreview(r *http.Request) error {
	if !asksPreview(r) {
		return nil
	}
	return badPreview(sentHeaders(r), readsOnly, previewFaults()[readsOnly])
}

// The codes of why an operation cannot be previewed.
const (
	readsOnly = "reads-only"
	personal  = "personal"
	noFile    = "file"
	guessing  = "guessing"
	computed  = "computed"
)

func previewFaults() map[string]string {
	return map[string]string{
		readsOnly: "A preview only reads records: send this header with GET, HEAD or a search.",
		personal:  "This is of one person and cannot be previewed; leave the header out.",
		computed:  "This is computed from records that you may not read; leave the header out.",
		guessing:  "A search by words or place would tell what is in records that you may not read; leave the header out.",
		noFile:    "A file is not shown in a preview; leave the header out.",
	}
}

// unpreviewable is the code of why an operation cannot be previewed; empty when it can.
func unpreviewable(op *operation) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(op.route.Path, "/"), "/")
	switch {
	case op.route.Method != http.MethodGet && !strings.HasSuffix(op.route.Path, "/_search"):
		return readsOnly
	case op.stream:
		return personal
	case op.file:
		return noFile
	case strings.HasSuffix(op.route.Path, "/assessment-deltas"), strings.HasSuffix(op.route.Path, "/multi-problem-indicator"),
		strings.HasSuffix(op.route.Path, "/duplicate-candidates"), strings.HasSuffix(op.route.Path, "/access-log"):
		return computed
	case op.route.Path == "/_search", op.route.Path == "/dossiers/_search", op.route.Path == "/persons/_search":
		return guessing
	}
	switch first {
	case "me", "alerts", "alert-preferences", "my-work", "calendar", "calendar-feeds":
		return personal
	case "data-subject-requests", "legal-checklist", "disclosures", "privacy-audits", "annual-reports", "data-breaches", "impact-assessments", "audit-entries", "audit-checkpoints", "processing-register":
		return computed
	}
	return ""
}

// previewOf reads whom the headers name, and refuses what cannot be previewed. It never tells what was sent.
func previewOf(r *http.Request, op *operation) (whom previewed, wrong error) {
	headers := sentHeaders(r)
	if op.preview != "" {
		return whom, badPreview(headers, op.preview, previewFaults()[op.preview])
	}
	if len(headers) > 1 || len(r.Header.Values(headers[0])) > 1 {
		return whom, badPreview(headers, "duplicate", "Name one partner or one professional to preview.")
	}
	id, err := uuid.Parse(r.Header.Get(headers[0]))
	if err != nil || id.String() != strings.ToLower(r.Header.Get(headers[0])) {
		return whom, badPreview(headers, "uuid", "This is not a UUID.")
	}
	return previewed{header: headers[0], id: id}, nil
}

func sentHeaders(r *http.Request) (names []string) {
	for _, name := range []string{asPartner, asProfessional} {
		if len(r.Header.Values(name)) > 0 {
			names = append(names, name)
		}
	}
	return names
}

func badPreview(headers []string, code, detail string) error {
	wrong := &problem.Error{Kind: problem.Invalid}
	for _, name := range headers {
		wrong.Fields = append(wrong.Fields, problem.Field{In: "header", Name: name, Code: code, Detail: detail})
	}
	return wrong
}

// begin puts in the context, in the place of the director, whom he previews, and keeps in the audit trail
// that he did. It fails with problem.Forbidden for other callers, whatever they sent, then as wrong says;
// with problem.Invalid for who is not in this municipality and for who may not come in now.
func (p *Previews) begin(ctx context.Context, whom previewed, wrong error) (context.Context, error) {
	var seen identity.Identity
	err := p.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if err := p.k.Authz.Require(ctx, actPreview, authz.Resource{}); err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		if seen, err = p.look(ctx, whom); err != nil {
			return err
		}
		return p.k.Journal.Record(ctx, journal.Event{Name: "preview.used", Subject: journal.Subject{Type: whom.kind(), ID: whom.id}})
	})
	return identity.With(ctx, seen), err
}

// look is whom is previewed, as he would be at a request of his own, with the director behind him. It
// needs a transaction of the director.
func (p *Previews) look(ctx context.Context, whom previewed) (seen identity.Identity, err error) {
	director, err := identity.From(ctx)
	if err != nil {
		return seen, err
	}
	if seen, err = p.find(ctx, director.Municipality, whom); err != nil {
		return seen, err
	}
	if seen, err = p.matrix.Sight(db.Apart(ctx), seen); err != nil {
		return seen, err
	}
	seen.Viewer = &director
	seen.Renew = func(ctx context.Context) (again identity.Identity, err error) {
		err = p.k.DB.Tx(identity.With(db.Apart(ctx), director), func(ctx context.Context) error {
			if err := p.k.Authz.Require(ctx, actPreview, authz.Resource{}); err != nil {
				return err
			}
			again, err = p.look(ctx, whom)
			return err
		})
		return again, err
	}
	return seen, nil
}

// find asks the records who is previewed: first whether the director's municipality has him at all.
func (p *Previews) find(ctx context.Context, municipality string, whom previewed) (seen identity.Identity, err error) {
	if whom.header == asPartner {
		_, err = p.people.FindPartner(ctx, whom.id)
	} else {
		_, err = p.people.FindProfessional(ctx, whom.id)
	}
	if problem.Is(err, problem.NotFound) {
		return seen, badPreview([]string{whom.header}, "reference", "There is nobody with this id in the municipality.")
	}
	if err != nil {
		return seen, err
	}
	if whom.header == asPartner {
		seen, err = p.people.IdentityOfPartner(db.Apart(ctx), municipality, whom.id)
	} else {
		seen, err = p.people.IdentityOf(db.Apart(ctx), municipality, whom.id)
	}
	if problem.Is(err, problem.Unauthenticated) {
		return seen, badPreview([]string{whom.header}, "no-access", "There is nothing to preview: the partner is suspended or the access of the professional has ended.")
	}
	return seen, err
}
