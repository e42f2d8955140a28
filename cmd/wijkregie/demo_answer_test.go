package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

func answerOf(status int, body string) *http.Response {
	request := httptest.NewRequest(http.MethodGet, "/v1/dossiers", nil)
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Request: request}
}

func TestAnswer(t *testing.T) {
	const hidden = `{"type": "http://host/docs/problems/not-found", "title": "Not there", "status": 404, "detail": "Nothing."}`
	for name, is := range map[string]struct {
		status int
		body   string
		fault  string // of an answer that has to be 404 not-found
	}{
		"the refusal that must be is one":        {404, hidden, ""},
		"a success is no refusal":                {200, `{}`, "answered 200; it should be refused with 404 not-found"},
		"another refusal is none":                {403, strings.ReplaceAll(hidden, "not-found", "forbidden"), "answered 403 Not there: Nothing.; it should be refused with 404"},
		"the right status with the wrong type":   {404, strings.ReplaceAll(hidden, "not-found", "gone"), "its type should end with not-found"},
		"a refusal that is no problem of ours":   {404, `<html>`, "its type should end with not-found"},
		"a refusal with the status in its words": {500, hidden, "answered 500"},
	} {
		t.Run(name, func(t *testing.T) {
			why, err := refusal(problem.NotFound, answerOf(is.status, is.body), nil)
			if is.fault == "" {
				require.NoError(t, err)
				assert.Equal(t, "Not there: Nothing.", why)
				return
			}
			assert.ErrorContains(t, err, is.fault)
		})
	}
	_, err := got[client.Dossier](answerOf(404, hidden), nil)
	assert.EqualError(t, err, "GET /v1/dossiers answered 404 Not there: Nothing.; it should be 200")
	_, err = got[client.Dossier](answerOf(200, `[]`), nil)
	assert.ErrorContains(t, err, "not as the contract says")
}

func TestMailWithPersonalDataIsFound(t *testing.T) {
	folder := t.TempDir()
	write := func(name, subject, text string) {
		raw := fmt.Sprintf("From: sitrap@wijkregie.example\r\nTo: <chair@public-order.example>\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"+
			"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n", subject, text)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(raw), 0o600))
	}
	write("1.eml", "SITRAP 1: Actie afgerond", "Een actie is afgerond in dossier 1.")
	write("2.eml", "SITRAP 2: Actie afgerond", "Kees Smul=\r\nders is klaar in dossier 2.")
	write("3.eml", "=?UTF-8?q?SITRAP_3:_Gezin_Verhaag-Demir?=", "Dossier 3: klaar.")
	titled := client.Dossier{Title: nullable.NewNullableWithValue("Gezin Verhaag-Demir")}
	r := &run{situation: titled, family: titled, person: titled}
	for subject, name := range map[string]string{"SITRAP 1: Actie afgerond": "", "SITRAP 2: Actie afgerond": "Kees Smulders", "SITRAP 3: Gezin Verhaag-Demir": "Verhaag"} {
		l, err := findMail(folder, "chair@public-order.example", "ossier "+subject[7:8], []string{"klaar", "afgerond"})
		require.NoError(t, err)
		require.Equal(t, subject, l.subject)
		assert.Equal(t, name, r.personal(l))
	}
	other, err := findMail(folder, "director@direction.example", "ossier 1", []string{"afgerond"})
	require.NoError(t, err)
	assert.Empty(t, other.subject, "the mail of somebody else")
}
