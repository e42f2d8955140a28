package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// openDossiers is step 2: who opens a dossier leads it until the chair appoints a case director.
func (r *run) openDossiers(ctx context.Context) error {
	table, err := r.table(ctx)
	if err != nil {
		return err
	}
	if err := r.open(ctx, table); err != nil {
		return err
	}
	if err := r.link(ctx); err != nil {
		return err
	}
	return r.appoint(ctx)
}

// table is the consultation table that the chair leads.
func (r *run) table(ctx context.Context) (uuid.UUID, error) {
	tables, err := got[client.TableList](r.as("chair").ListTables(ctx, nil))
	if err != nil {
		return uuid.Nil, err
	}
	for _, t := range tables.Items {
		if t.ChairId == r.as("chair").professional {
			return t.Id, nil
		}
	}
	return uuid.Nil, differs("there is no table that the chair leads")
}

// open makes the three dossiers.
func (r *run) open(ctx context.Context, table uuid.UUID) (err error) {
	street := "Verzonnenlaan"
	situation := client.NewDossier{
		Type: client.DossierTypeSituation, Title: "Hennep op zolder aan de Verzonnenlaan", Basis: client.LegalBasisCovenant, TableId: &table,
		Purpose: "End a danger of fire and the nuisance around it.", Themes: []string{"nuisance"}, NeighbourhoodCode: new("BU08610001"),
		Location: &client.NewLocation{Kind: client.LocationKindDwelling, Street: &street, HouseNumber: new("12")},
	}
	family := client.NewDossier{
		Type: client.DossierTypeFamily, Title: "Gezin Verhaag-Demir", Basis: client.LegalBasisCovenant, TableId: &table,
		Purpose: "Support a family under pressure and keep it in its home.",
	}
	person := client.NewDossier{
		Type: client.DossierTypePerson, Title: "Murat Verhaag-Demir", Basis: client.LegalBasisSocialDomain, TableId: &table,
		Purpose: "Help with debts and work.",
	}
	if err := r.refused(problem.Forbidden, "the system of the police opens a dossier")(
		r.as("police-system").OpenDossier(ctx, nil, situation)); err != nil {
		return err
	}
	for _, d := range []struct {
		by   string
		what client.NewDossier
		to   *client.Dossier
	}{{"police", situation, &r.situation}, {"social", family, &r.family}, {"social", person, &r.person}} {
		if *d.to, err = made[client.Dossier](r.as(d.by).OpenDossier(ctx, nil, d.what)); err != nil {
			return err
		}
		if id(d.to.ChairId) != r.as("chair").professional {
			return differs("the chair of the table is not the chair of dossier %s", d.to.Number)
		}
		r.allowed("%s opens %s dossier %s on basis %s", d.by, d.what.Type, d.to.Number, d.what.Basis)
	}
	return nil
}

// link ties the dossiers together; who does not know a dossier cannot tie anything to it.
func (r *run) link(ctx context.Context) error {
	social := r.as("social")
	if err := r.refused(problem.NotFound, "social reads the situation dossier of the police")(social.GetDossier(ctx, r.situation.Id)); err != nil {
		return err
	}
	toSituation := client.NewDossierLink{OtherDossierId: r.situation.Id, Kind: client.LinkKindPersonSituation, Note: new("Lives at the address.")}
	if err := r.refused(problem.Invalid, "social links the person to it")(social.AddLink(ctx, r.person.Id, nil, toSituation)); err != nil {
		return err
	}
	if err := r.join(ctx, r.as("police"), r.situation, "social"); err != nil {
		return err
	}
	for _, l := range []struct {
		of   client.Dossier
		link client.NewDossierLink
	}{
		{r.family, client.NewDossierLink{OtherDossierId: r.person.Id, Kind: client.LinkKindFamilyMember}},
		{r.person, toSituation},
	} {
		laid, err := made[client.DossierLink](social.AddLink(ctx, l.of.Id, nil, l.link))
		if err != nil {
			return err
		}
		r.allowed("social links %s to %s as %s", l.of.Number, laid.OtherDossier.Number, l.link.Kind)
	}
	return nil
}

// join lets a person take part by name.
func (r *run) join(ctx context.Context, by actor, d client.Dossier, short string) error {
	who := r.as(short)
	p, err := made[client.Participant](by.AddParticipant(ctx, d.Id, nil, client.NewParticipant{
		PartnerId: who.partner, Role: client.ParticipantRoleParticipant, ProfessionalIds: []uuid.UUID{who.professional},
	}))
	if err != nil {
		return err
	}
	r.allowed("%s adds %s to dossier %s, by name: %s", by.short, p.Partner.Name, d.Number, p.Professionals[0].Name)
	return nil
}

// appoint gives the three dossiers a case director; that is the chair's decision.
func (r *run) appoint(ctx context.Context) error {
	change := client.NewRegieChange{
		Phase: new(3), CaseDirectorId: new(r.as("case-director").professional), Criteria: []string{"b", "d"},
		Reason:     "Problems on several life domains; care and enforcement have to go together.",
		JumpReason: new("The family was not known before; two phases at once."),
		Holders: []client.NewRegieHolder{{
			Responsibility: client.RegieResponsibilityProcessDirection, Kind: client.RegieHolderKindProfessional, ProfessionalId: new(r.as("chair").professional),
		}},
	}
	err := r.refused(problem.Forbidden, "the police appoint a case director in their own dossier")(
		r.as("police").ChangeRegie(ctx, r.situation.Id, &client.ChangeRegieParams{IfMatch: &r.situation.Etag}, change))
	if err != nil {
		return err
	}
	for _, d := range []client.Dossier{r.situation, r.family, r.person} {
		seen, err := got[client.Dossier](r.as("chair").GetDossier(ctx, d.Id))
		if err != nil {
			return err
		}
		if _, err := made[client.RegieChange](
			r.as("chair").ChangeRegie(ctx, d.Id, &client.ChangeRegieParams{IfMatch: &seen.Etag}, change)); err != nil {
			return err
		}
		if seen, err = got[client.Dossier](r.as("case-director").GetDossier(ctx, d.Id)); err != nil {
			return err
		}
		if id(seen.CaseDirectorId) != r.as("case-director").professional || seen.RegiePhase != 3 {
			return differs("dossier %s does not show its case director and phase 3", d.Number)
		}
	}
	r.allowed("the chair appoints the case director in all three, in phase 3, with reasons")
	return nil
}
