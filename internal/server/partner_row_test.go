package server_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestDossier_4_08_a_partner_cannot_take_over_the_regie_or_the_matrix(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	for _, short := range []string{"police", "housing", "mental-health", "social"} {
		who := w.As(t, short)
		refusedAs(t, who.Post(f.Path+"/regie-changes", live.M{"caseDirectorId": w.Person(short), "criteria": []string{}, "reason": "Ik neem het over."}, anyTag), forbidden, "forbidden")
		refusedAs(t, who.Do("PUT", "/v1/authorisation-matrix/draft", live.M{"cells": []live.M{}}, anyTag), forbidden, "forbidden")
		refusedAs(t, who.Post(f.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner(short), "category": "health", "level": "read", "reason": "Ik wil het zien."}), forbidden, "forbidden")
	}
	require.Equal(t, w.Person("case-director"), w.As(t, "police").Get(f.Path).Want(ok).Text("caseDirectorId"))
}

func TestPartner_4_34_has_one_type_and_a_domain(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	partner := func(kind, domain string) live.M { return live.M{"name": "Organisatie", "type": kind, "domain": domain} }
	for _, domain := range []string{"social", "safety", "both", "neighbourhood"} {
		made := director.Post("/v1/partners", partner("youth-work", domain)).Want(created)
		require.Equal(t, domain, made.Text("domain"))
		require.Equal(t, "youth-work", made.Text("type"))
	}
	refusedAs(t, director.Post("/v1/partners", partner("youth-work", "everything")), invalid, "invalid-input")
	refusedAs(t, director.Post("/v1/partners", partner("circus", "social")), invalid, "invalid-input")
	refusedAs(t, director.Post("/v1/partners", live.M{"name": "Organisatie", "domain": "social"}), invalid, "invalid-input")
}

func TestPartner_0_18_municipality_police_fire_service_and_care_take_part(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	f := w.Opened(t, live.M{})
	for _, kind := range []string{"social-domain", "police", "fire-service", "care-provider"} {
		partner := director.Post("/v1/partners", live.M{"name": "Nieuw: " + kind, "type": kind, "domain": "both"}).Want(created).ID()
		person := director.Post("/v1/professionals", live.Cleared(live.M{"partnerId": partner, "name": "Iemand", "email": kind + "@partner.example", "roles": []string{}})).Want(created).ID()
		joined := director.Post(f.Path+"/participants", live.M{"partnerId": partner, "role": "participant", "professionalIds": []string{person}}).Want(created)
		require.Equal(t, partner, joined.Text("partner.id"))
	}
}
