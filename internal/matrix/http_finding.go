package matrix

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// GetMatrixDraftFindings implements GET /authorisation-matrix/draft/findings.
func (h *HTTP) GetMatrixDraftFindings(ctx context.Context, _ api.GetMatrixDraftFindingsRequestObject) (api.GetMatrixDraftFindingsResponseObject, error) {
	found, err := h.s.DraftFindings(ctx)
	if err != nil {
		return nil, err
	}
	body, err := h.findings(ctx, found)
	return api.GetMatrixDraftFindings200JSONResponse{Body: body, Headers: api.GetMatrixDraftFindings200ResponseHeaders{ETag: body.Etag}}, err
}

// GetMatrixVersionFindings implements GET /authorisation-matrix/versions/{version}/findings.
func (h *HTTP) GetMatrixVersionFindings(
	ctx context.Context, r api.GetMatrixVersionFindingsRequestObject,
) (api.GetMatrixVersionFindingsResponseObject, error) {
	found, err := h.s.VersionFindings(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	body, err := h.findings(ctx, found)
	return api.GetMatrixVersionFindings200JSONResponse{Body: body, Headers: api.GetMatrixVersionFindings200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) findings(ctx context.Context, found []Finding) (api.MatrixFindings, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.MatrixFindings{}, err
	}
	return api.MatrixFindings{Findings: h.findingsToAPI(ctx, found, names), Etag: etag.Of(struct{ Findings []Finding }{found})}, nil
}

func (h *HTTP) findingsToAPI(ctx context.Context, found []Finding, names *organisation.Names) []api.MatrixFinding {
	all := make([]api.MatrixFinding, len(found))
	for i, f := range found {
		partner := partnerOf(authz.Cell{PartnerID: f.PartnerID})
		all[i] = api.MatrixFinding{
			Id: f.ID(), Code: api.MatrixFindingCode(f.Code), Severity: api.FindingSeverity(f.Severity()), PartnerType: api.NullText(f.PartnerType),
			PartnerId: api.Null(partner), Partner: names.OptionalPartner(partner), DossierType: api.NullText(f.DossierType),
			Category: api.NullText(f.Category.Slug()), SupplierIds: append([]uuid.UUID{}, f.Suppliers...), Suppliers: []api.PartnerRef{},
			Text: h.text(language.From(ctx), f, names),
		}
		for _, id := range f.Suppliers {
			all[i].Suppliers = append(all[i].Suppliers, names.Partner(id))
		}
	}
	return all
}

// text says what is found and what can be done about it: of whom, of which category, in which dossiers.
func (h *HTTP) text(tag language.Tag, f Finding, names *organisation.Names) string {
	who := h.label(tag, "partner-types", f.PartnerType)
	if f.PartnerID != uuid.Nil {
		who = names.PartnerName(f.PartnerID)
	}
	what, where := h.label(tag, "information-categories", f.Category.Slug()), h.label(tag, "matrix-dossier-types", f.DossierType)
	switch f.Code {
	case editWithoutView:
		return fmt.Sprintf(language.Text{
			EN: "%s: may add to or edit %s and never sees who the dossier is about (dossiers: %s). Give at least on-release on identity, or lower this cell.",
			NL: "%s: mag %s aanvullen of bewerken en ziet nooit over wie het dossier gaat (dossiers: %s). Geef op identity ten minste on-release, of verlaag deze cel.",
		}.In(tag), who, what, where)
	case ownerWithoutDossier:
		return fmt.Sprintf(language.Text{
			EN: "%s: carries out open actions and would no longer see them (%d; dossiers: %s). Give at least own on action, or have the actions assigned to another partner first.",
			NL: "%s: voert openstaande acties uit en zou die niet meer zien (%d; dossiers: %s). Geef op action ten minste own, of laat de acties eerst aan een andere ketenpartner toewijzen.",
		}.In(tag), who, f.Actions, where)
	case nobodyEdits:
		return fmt.Sprintf(language.Text{
			EN: "Nobody may add to or edit %s (dossiers: %s).",
			NL: "Niemand mag %s aanvullen of bewerken (dossiers: %s).",
		}.In(tag), what, where)
	case noAdvice:
		return fmt.Sprintf(language.Text{
			EN: "%s: there is no advice on it, or it was withdrawn, and without one it is not opened (Wgs 1.8(6)). Record the advice in /v1/impact-assessments, or leave the category out.",
			NL: "%s: er is geen advies over, of dat is ingetrokken, en zonder advies gaat de categorie niet open (Wgs 1.8 lid 6). Leg het advies vast in /v1/impact-assessments, of laat de categorie weg.",
		}.In(tag), what)
	case noCovenant:
		return fmt.Sprintf(language.Text{
			EN: "%s: gets rights and has no covenant that is valid today. Record the covenant, or take the rights away.",
			NL: "%s: krijgt rechten en heeft geen convenant dat vandaag geldt. Leg het convenant vast, of neem de rechten weg.",
		}.In(tag), who)
	default:
		return fmt.Sprintf(language.Text{
			EN: "%s: would see more of %s than now (dossiers: %s), and not every partner that supplied it has consented. Record the consents with the publication, or leave it as it is.",
			NL: "%s: zou meer van %s zien dan nu (dossiers: %s), en niet elke ketenpartner die het verstrekte heeft toegestemd. Leg de toestemmingen vast bij de vaststelling, of laat het zoals het is.",
		}.In(tag), who, what, where)
	}
}

// label is what a code is called; the code itself where its list does not have it.
func (h *HTTP) label(tag language.Tag, list, code string) string {
	l, err := h.s.lists.List(list)
	if err != nil {
		return code
	}
	for _, c := range l.Codes {
		if c.Code == code {
			return c.Label.In(tag)
		}
	}
	return code
}
