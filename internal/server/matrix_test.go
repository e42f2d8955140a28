package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	draftPath   = "/v1/authorisation-matrix/draft"
	publishPath = "/v1/authorisation-matrix/publications"
	tableHead   = "partner_type,partner_id,dossier_type,category,level\r\n"
	asTable     = "Accept: text/csv"
	isTable     = "Content-Type: text/csv"
)

func TestTheDraftAsATable(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")

	t.Run("the table that is read is the table that may be put", func(t *testing.T) {
		inForce := director.Get("/v1/authorisation-matrix", asTable).Want(ok)
		assert.Equal(t, "text/csv", inForce.Header.Get("Content-Type"))
		assert.Contains(t, inForce.Header.Values("Vary"), "Accept")
		assert.True(t, strings.HasPrefix(string(inForce.Raw), tableHead))
		begun := director.Do("PUT", draftPath, inForce.Raw, "Content-Type: text/csv; charset=UTF-8").Want(created)
		draft := director.Get(draftPath, asTable).Want(ok)
		assert.Equal(t, string(inForce.Raw), string(draft.Raw))
		assert.Equal(t, begun.Tag(), draft.Tag())
		assert.Equal(t, string(inForce.Raw), string(director.Get("/v1/authorisation-matrix/versions/1", asTable).Want(ok).Raw))
		assert.Equal(t, director.Get("/v1/authorisation-matrix").At("cells"), director.Get(draftPath).At("cells"))
	})

	t.Run("the rules are those of the draft as JSON", func(t *testing.T) {
		tag := director.Get(draftPath).Tag()
		body := tableHead + "police,,all,police,O\r\n"
		director.Do("PUT", draftPath, body, isTable).Check(http.StatusPreconditionRequired)
		director.Do("PUT", draftPath, body, isTable, live.Match(`"AAAA"`)).Check(stale)
		w.As(t, "chair").Do("PUT", draftPath, body, isTable).Check(forbidden)
		w.As(t, "chair").Get(draftPath, asTable).Check(forbidden)
		director.Do("PUT", draftPath, body+strings.Repeat("x", 1<<20), isTable, live.Match(tag)).Check(http.StatusRequestEntityTooLarge)
		director.Do("PUT", draftPath, body, "Content-Type: text/plain", live.Match(tag)).Check(http.StatusUnsupportedMediaType)
		director.Do("PUT", draftPath, body, "Content-Type: text/csv; charset=utf-16", live.Match(tag)).Check(http.StatusUnsupportedMediaType)
		director.Do("PUT", draftPath, body, isTable, asTable, live.Match(tag)).Check(http.StatusNotAcceptable)
		director.Get(draftPath, "Accept: application/xml").Check(http.StatusNotAcceptable)
		director.Do("PUT", draftPath, body, "Content-Type: Text/CSV", live.Match(tag)).Want(ok)
		assert.Equal(t, []string{"own"}, director.Get(draftPath).Texts("cells", "level"))
	})

	t.Run("what is wrong is told by its cell, without the value", func(t *testing.T) {
		bad := tableHead + "wizards,,all,police,own\r\npolice,,castle,spells,=CMD()\r\n"
		r := director.Do("PUT", draftPath, bad, isTable, live.Match("*"))
		r.Check(invalid)
		assert.Equal(t, []string{"/cells/0/partnerType", "/cells/1/dossierType", "/cells/1/category", "/cells/1/level"}, r.Texts("errors", "pointer"))
		assert.NotContains(t, string(r.Raw), "CMD")
		director.Do("PUT", draftPath, "", isTable, live.Match("*")).Check(invalid)
	})

	t.Run("the media type with the highest weight is given, JSON when there is no difference", func(t *testing.T) {
		for accept, want := range map[string]string{
			"*/*": "application/json", "text/csv;q=0.5, application/json;q=0.4": "text/csv", "text/*, application/json": "application/json",
			"application/json;q=0, */*": "text/csv",
		} {
			assert.Equal(t, want, director.Get("/v1/authorisation-matrix", "Accept: "+accept).Want(ok).Header.Get("Content-Type"), accept)
		}
	})
}

func TestPublicationFromAMomentOn(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	item := f.Item(t, "police", "police").Place()
	director, police := w.As(t, "director"), w.As(t, "police")
	shut := levels(matrix.Default(), map[string]authz.Level{"police police": authz.None})
	draft := director.Do("PUT", draftPath, live.M{"cells": live.Cells(shut)}).Want(created)
	body := director.Publication()
	body["effectiveFrom"] = time.Now().Add(3 * time.Second).Format(time.RFC3339Nano)
	made := director.Post(publishPath, body, live.Match(draft.Tag())).Want(created)
	assert.Equal(t, "scheduled", made.Text("state"))

	t.Run("until then nothing changes, and then it counts by the clock alone", func(t *testing.T) {
		police.Get(item).Check(ok)
		assert.EqualValues(t, 1, director.Get("/v1/authorisation-matrix").At("version"))
		assert.Eventually(t, func() bool { return police.Get(item).Status == notFound }, 10*time.Second, 50*time.Millisecond)
		now := director.Get("/v1/authorisation-matrix")
		assert.Equal(t, []any{2.0, "in-force"}, []any{now.At("version"), now.At("state")})
		assert.NotEqual(t, made.Tag(), director.Get(made.Place()).Tag(), "what became of it has changed")
	})

	t.Run("an earlier version is restored without a draft", func(t *testing.T) {
		director.Post(publishPath, live.M{"reason": "Terug.", "restoresVersion": 99}).Check(invalid)
		var ids []string
		for _, one := range director.Get("/v1/authorisation-matrix/versions/1/findings").Want(ok).Texts("findings", "id") {
			ids = append(ids, one)
		}
		back := director.Post(publishPath, live.M{"reason": "Terug.", "restoresVersion": 1, "acknowledged": ids, "supplierConsents": []live.M{
			{"partnerId": w.Partner("police"), "category": "police", "reference": "Brief"}}}).Want(created)
		assert.EqualValues(t, 1, back.At("restoresVersion"))
		assert.Equal(t, "Politie", back.Text("supplierConsents.0.partner.name"))
		police.Get(item).Check(ok)
		assert.Equal(t, []string{"in-force", "past", "past"}, director.Get("/v1/authorisation-matrix/versions").Texts("items", "state"))
	})
}

func TestFindingsKeepADraftFromBeingPublished(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	f.Action(t, "case-director", "police")
	closed := w.Case(t)
	closed.Action(t, "case-director", "police")
	closed.Close(t)
	f.Item(t, "police", "police")
	director := w.As(t, "director")
	cells := levels(matrix.Default(), map[string]authz.Level{"police action": authz.None, "social-domain police": authz.Read})
	draft := director.Do("PUT", draftPath, live.M{"cells": live.Cells(cells)}).Want(created)
	findings := director.Get(draftPath+"/findings", "Accept-Language: en").Want(ok)
	before := w.Rows(t)

	t.Run("they tell who carries out actions, and whose consent is missing", func(t *testing.T) {
		codes := findings.Texts("findings", "code")
		assert.Contains(t, codes, "owner-without-dossier")
		assert.Contains(t, codes, "widens-sensitive")
		for i, code := range codes {
			one := findings.At("findings").([]any)[i].(live.M)
			switch code {
			case "owner-without-dossier":
				assert.Equal(t, w.Partner("police"), one["partnerId"])
				assert.Contains(t, one["text"], "(1;")
			case "widens-sensitive":
				assert.Equal(t, "social-domain", one["partnerType"])
				assert.Equal(t, []any{w.Partner("police")}, one["supplierIds"])
			}
		}
		assert.NotEqual(t, findings.At("findings.0.text"), director.Get(draftPath+"/findings").At("findings.0.text"), "in Dutch it is said otherwise")
	})

	t.Run("publication is a conflict that says which they are, and changes nothing", func(t *testing.T) {
		r := director.Post(publishPath, director.Publication(), live.Match(draft.Tag()))
		r.Check(conflict)
		assert.Contains(t, r.Text("detail"), "owner-without-dossier")
		assert.Equal(t, before, w.Rows(t))
		assert.EqualValues(t, 1, director.Get("/v1/authorisation-matrix").At("version"))
	})

	t.Run("once the action is done and the supplier has consented it is published", func(t *testing.T) {
		action := w.As(t, "police").Get("/v1/actions").Want(ok).IDs()[0]
		w.As(t, "police").Post("/v1/actions/"+action+"/completions", live.M{"result": "achieved", "note": "Gedaan."}, anyTag).Want(created)
		director.Post(publishPath, director.Publication(), live.Match(draft.Tag())).Check(created)
	})
}
