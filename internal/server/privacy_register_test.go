package server_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const registerOf = "/v1/processing-register"

func TestPrivacy_L22_the_register_of_processing_is_made_per_category_from_the_matrix_in_force(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	read := officer.Get(registerOf).Want(ok)
	inForce := officer.Get("/v1/authorisation-matrix").Want(ok)
	record := func(category string) any {
		for _, one := range live.At(read.Body, "records").([]any) {
			if live.At(one, "category") == category {
				return one
			}
		}
		require.Fail(t, "no record", category)
		return nil
	}

	t.Run("every category is there with its purposes, bases and terms", func(t *testing.T) {
		categories := officer.Get("/v1/code-lists/information-categories").Want(ok).Texts("codes", "code")
		assert.Equal(t, categories, read.Texts("records", "category"))
		assert.Equal(t, live.At(inForce.Body, "version"), live.At(read.Body, "matrixVersion"))
		health := record("health")
		assert.Equal(t, []any{"wgs", "covenant", "social-domain", "consent"}, live.At(health, "bases"))
		assert.Equal(t, []any{60.0, "Wgs 1.8(7)", "BGS 1.16"}, []any{live.At(health, "terms.0.months"), live.At(health, "terms.0.legalRef"), live.At(health, "terms.1.legalRef")})
		assert.Equal(t, []any{[]any{}, []any{"area-picture"}}, []any{live.At(record("area"), "dataSubjects"), live.At(record("area"), "purposes")})
	})
	t.Run("the recipients are those of the matrix in force", func(t *testing.T) {
		var want, got []any
		for _, cell := range live.At(inForce.Body, "cells").([]any) {
			if live.At(cell, "category") == "health" && live.At(cell, "level") != "none" {
				want = append(want, cell)
			}
		}
		for _, cell := range live.At(record("health"), "recipients").([]any) {
			if live.At(cell, "level") != "none" {
				got = append(got, cell)
			}
		}
		require.NotEmpty(t, want)
		assert.Equal(t, want, got)
	})
	t.Run("it is exported as a table", func(t *testing.T) {
		table := w.As(t, "auditor").Get(registerOf, asTable).Want(ok)
		lines := strings.Split(strings.TrimSpace(string(table.Raw)), "\r\n")
		assert.Equal(t, "category,purposes,bases,data_subjects,recipients,terms", lines[0])
		assert.Len(t, lines, 1+len(read.Texts("records", "category")))
		assert.True(t, strings.HasPrefix(lines[1], "identity,identification integrated-approach,wgs covenant social-domain consent,subject direct-circle professional,"), lines[1])
		assert.True(t, strings.HasSuffix(lines[1], ",wgs/60 covenant/60 social-domain/60 consent/60"), lines[1])
	})
	t.Run("others do not read it", func(t *testing.T) {
		w.As(t, "director").Get(registerOf).Want(ok)
		for _, who := range []string{"police", "chair", "case-director", "police-system"} {
			w.As(t, who).Get(registerOf).Check(forbidden)
		}
	})
}

// register reads the register of processing.
func (w *walk) register() []step {
	return []step{{op: "getProcessingRegister", by: "privacy-officer", want: ok, not: statuses{"chair": forbidden, "police-system": forbidden}, own: ok}}
}

// registerRights are the lines of the table on the register of processing.
func (c *court) registerRights() []right {
	read := get(at(registerOf))
	return []right{
		{"processing-register.read", "municipal-director", "regisseur", "case-director", forbidden, read},
		{"processing-register.read", "privacy-officer", "officer", "police", forbidden, read},
		{"processing-register.read", "auditor", "revisor", "chair", forbidden, read},
	}
}
