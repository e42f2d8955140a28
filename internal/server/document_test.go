package server_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// supplied is a document without content in a case, about the home by default.
func supplied(t *testing.T, f *live.Case, w *live.World, by string, more ...live.M) *live.Reply {
	t.Helper()
	body := live.M{"dossierId": f.ID, "category": "housing", "title": "Huurdossier \"Verhoeven\"", "kind": "report", "observedOn": "2026-01-15"}
	for _, m := range more {
		maps.Copy(body, m)
	}
	return w.As(t, by).Post("/v1/documents", body).Want(created)
}

// sent is a document with content.
func sent(t *testing.T, f *live.Case, w *live.World, by string, content any, more ...live.M) *live.Reply {
	t.Helper()
	d := supplied(t, f, w, by, more...)
	w.As(t, by).Do("PUT", d.Place()+"/content", content, live.Match(d.Tag())).Want(ok)
	return d
}

// numberIn is the answer of the database to a question for one number, past all rights.
func numberIn(t *testing.T, w *live.World, sql string, args ...any) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.Database)
	require.NoError(t, err)
	require.NoError(t, conn.QueryRow(t.Context(), sql, args...).Scan(&n))
	require.NoError(t, conn.Close(context.WithoutCancel(t.Context())))
	return n
}

func TestDocumentContentComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	housing, police := w.As(t, "housing"), w.As(t, "police")
	content := []byte(strings.Repeat("Er is driemaal aangebeld, niemand deed open.\n", 60_000)) // some parts
	sum := sha256.Sum256(content)

	d := supplied(t, f, w, "housing")
	assert.Equal(t, "uploading", d.Text("state"))
	assert.Contains(t, d.Allowed(), "putDocumentContent")
	police.Get(d.Place() + "/content").Check(notFound)
	stored := housing.Do("PUT", d.Place()+"/content", content, live.Match(d.Tag())).Want(ok)
	assert.Equal(t, []any{"available", false, "text/plain", float64(len(content)), hex.EncodeToString(sum[:])},
		[]any{stored.At("state"), stored.At("scanned"), stored.At("mediaType"), stored.At("size"), stored.At("sha256")})
	assert.NotContains(t, stored.Allowed(), "putDocumentContent")
	assert.Equal(t, stored.Tag(), housing.Get(d.Place()).Tag())

	read := police.Get(d.Place() + "/content").Want(ok)
	t.Run("byte for byte, as a file to save", func(t *testing.T) {
		assert.Equal(t, sum, sha256.Sum256(read.Raw))
		assert.Equal(t, []string{"application/octet-stream", "nosniff", fmt.Sprint(len(content)), `attachment; filename="Huurdossier -Verhoeven-.txt"`},
			[]string{read.Header.Get("Content-Type"), read.Header.Get("X-Content-Type-Options"), read.Header.Get("Content-Length"), read.Header.Get("Content-Disposition")})
		assert.Contains(t, police.Get(d.Place()).Allowed(), "getDocumentContent")
	})
	t.Run("not again to who has it", func(t *testing.T) {
		police.Get(d.Place()+"/content", "If-None-Match: "+read.Tag()).Check(http.StatusNotModified)
	})
	t.Run("a head has no body", func(t *testing.T) {
		head := police.Do("HEAD", d.Place()+"/content", nil).Want(ok)
		assert.Equal(t, read.Tag(), head.Tag())
		assert.Empty(t, head.Raw)
	})
	t.Run("the database holds nothing of it", func(t *testing.T) {
		assert.Greater(t, numberIn(t, w, "select count(*) from document_part where document_id = $1", d.ID()), 1)
		assert.Zero(t, numberIn(t, w, "select count(*) from document_part where position($1 in data) > 0", []byte("aangebeld")))
	})
	t.Run("content that is there stays", func(t *testing.T) {
		housing.Do("PUT", d.Place()+"/content", "Iets anders.", live.Match(stored.Tag())).Check(conflict)
		housing.Do("PUT", d.Place()+"/content", "Iets anders.", live.Match(d.Tag())).Check(stale)
	})
}

func TestDocumentContentThatIsRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	d := supplied(t, f, w, "housing")
	housing := w.As(t, "housing")
	for name, c := range map[string]struct {
		content any
		status  int
	}{
		"a web page":                 {"<html><script>alert(1)</script></html>", http.StatusUnsupportedMediaType},
		"a program":                  {"MZ\x90\x00\x03\x00\x00\x00\x04", http.StatusUnsupportedMediaType},
		"bytes that are no text":     {"Een brief\xff\xfe", http.StatusUnsupportedMediaType},
		"a zip of something else":    {zipped(t, "a.txt"), http.StatusUnsupportedMediaType},
		"a Word text with macros":    {zipped(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), http.StatusUnsupportedMediaType},
		"nothing":                    {"", invalid},
		"another media type is said": {"Een brief.", http.StatusUnsupportedMediaType},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{live.Match(d.Tag())}
			if strings.HasPrefix(name, "another") {
				header = append(header, "Content-Type: text/html")
			}
			housing.Do("PUT", d.Place()+"/content", c.content, header...).Check(c.status)
		})
	}
	t.Run("more than 25 MiB, of which the length is not said", func(t *testing.T) {
		answer := chunked(t, w, d, bytes.NewReader(bytes.Repeat([]byte("a"), 25<<20+1)))
		assert.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
	})
	t.Run("half of it", func(t *testing.T) {
		assert.Equal(t, invalid, halfSent(t, w, d, 1000).StatusCode)
	})
	t.Run("more than 25 MiB", func(t *testing.T) {
		assert.Equal(t, http.StatusRequestEntityTooLarge, halfSent(t, w, d, 25<<20+1).StatusCode)
	})
	assert.Zero(t, numberIn(t, w, "select count(*) from document_part"))
	assert.Equal(t, d.Tag(), housing.Get(d.Place()).Want(ok).Tag(), "and its state stays")
	housing.Get(d.Place() + "/content").Check(notFound)
}

// zipped is a zip with these parts, each empty.
func zipped(t *testing.T, names ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, name := range names {
		_, err := z.Create(name)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return file.Bytes()
}

// chunked sends content without its length.
func chunked(t *testing.T, w *live.World, d *live.Reply, content io.Reader) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "PUT", w.URL+d.Place()+"/content", io.NopCloser(content))
	require.NoError(t, err)
	for name, value := range map[string]string{"Authorization": "Bearer " + w.As(t, "housing").Token(), "Content-Type": "application/octet-stream", "If-Match": d.Tag()} {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer
}

// halfSent promises so many bytes and sends thirteen.
func halfSent(t *testing.T, w *live.World, d *live.Reply, length int) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PUT %s/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIf-Match: %s\r\nContent-Type: application/octet-stream\r\n"+
		"Content-Length: %d\r\n\r\nEen half woor", d.Place(), w.As(t, "housing").Token(), d.Tag(), length)
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer
}

func TestDocumentIsReadAsAnItemOfItsCategoryAndSupplier(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	everybody := []string{"police", "mental-health", "housing", "case-director", "chair", "social", "director", "auditor", "other-director"}
	for name, c := range map[string]struct {
		by   string
		more live.M
	}{
		"about the home":               {"housing", nil},
		"of the police":                {"police", live.M{"category": "police"}},
		"of health care":               {"mental-health", live.M{"category": "health"}},
		"kept from a type of partner":  {"housing", live.M{"conditions": []live.M{{"withholdFrom": "police"}}}},
		"under secrecy":                {"mental-health", live.M{"category": "health", "secrecy": live.M{}}},
		"under secrecy, with a ground": {"mental-health", live.M{"category": "health", "secrecy": live.M{"ground": "explicit-consent"}}},
	} {
		t.Run(name, func(t *testing.T) {
			like := live.M{}
			for _, key := range []string{"category", "conditions", "secrecy"} {
				if v, there := c.more[key]; there {
					like[key] = v
				}
			}
			category, _ := like["category"].(string)
			if category == "" {
				category = "housing"
			}
			item, d := f.Item(t, c.by, category, like), sent(t, f, w, c.by, "Inhoud.", c.more)
			for _, who := range everybody {
				reader := w.As(t, who)
				want := reader.Get(item.Place()).Status
				reader.Get(d.Place()).Check(want)
				reader.Get(d.Place() + "/content").Check(want)
				listed := reader.Get("/v1/documents?limit=200&dossierId=" + f.ID).Want(ok).IDs()
				assert.Equal(t, want == ok, strings.Contains(strings.Join(listed, " "), d.ID()), "%s in the list", who)
			}
		})
	}
	t.Run("a list by category and supplier", func(t *testing.T) {
		all := "/v1/documents?dossierId=" + f.ID
		assert.Len(t, w.As(t, "police").Get(all+"&category=police").Want(ok).IDs(), 1)
		assert.Len(t, w.As(t, "housing").Get(all+"&category=housing&supplierId="+w.Partner("housing")).Want(ok).IDs(), 2)
		w.As(t, "director").Get(all + "&category=weather").Check(invalid)
		assert.Len(t, w.As(t, "police").Get("/v1/documents?category=police").Want(ok).IDs(), 1)
	})
	t.Run("who may not add is refused", func(t *testing.T) {
		body := live.M{"dossierId": f.ID, "category": "health", "title": "Brief", "kind": "letter", "observedOn": "2026-01-15"}
		w.As(t, "housing").Post("/v1/documents", body).Check(forbidden)
		body["dossierId"] = w.Opened(t, live.M{}).ID
		w.As(t, "housing").Post("/v1/documents", body).Check(invalid)
	})
}

func TestDocumentThatIsWithdrawnIsGone(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	d := sent(t, f, w, "housing", "Inhoud.")
	body := live.M{"reason": "Het ging over de buren.", "breach": true}
	housing, police := w.As(t, "housing"), w.As(t, "police")
	tag := housing.Get(d.Place()).Tag()
	police.Post(d.Place()+"/withdrawals", body, live.Match(tag)).Check(forbidden)
	police.Get(d.Place() + "/withdrawals").Check(forbidden)
	assert.Empty(t, housing.Get(d.Place()+"/withdrawals").Want(ok).IDs())
	made := housing.Post(d.Place()+"/withdrawals", body, live.Match(tag)).Want(created)
	for _, who := range []string{"housing", "police", "director"} {
		w.As(t, who).Get(d.Place()).Check(notFound)
		w.As(t, who).Get(d.Place() + "/content").Check(notFound)
		assert.Empty(t, w.As(t, who).Get("/v1/documents?dossierId="+f.ID).Want(ok).IDs())
	}
	assert.Equal(t, "Het ging over de buren.", housing.Get(made.Place()).Want(ok).Text("reason"))
	assert.Len(t, housing.Get(d.Place()+"/withdrawals").Want(ok).IDs(), 1)
	police.Get(made.Place()).Check(notFound)
	police.Get(d.Place() + "/withdrawals").Check(notFound)
	housing.Post(d.Place()+"/withdrawals", body, live.Match(tag)).Check(notFound)
}
