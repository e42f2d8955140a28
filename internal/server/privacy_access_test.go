package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_access_sketch(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	w.As(t, "police").Get(f.Path).Want(ok)
	assert.Equal(t, 1, w.Count(t, "select count(*) from access_line where operation='getDossier' and partner_id='"+w.Partner("police")+"' and dossier_id='"+f.ID+"' and outcome='allowed' and categories<>0"))
	t.Log(w.Count(t, "select count(*) from access_line"))
}
