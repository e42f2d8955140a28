package server_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// clamd speaks the daemon's side of INSTREAM: it finds a virus in what says so, and hangs up while it is ill.
type clamd struct {
	net.Listener
	ill atomic.Bool
}

func newClamd(t *testing.T) *clamd {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &clamd{Listener: listener}
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	go func() {
		for {
			conn, err := c.Accept()
			if err != nil {
				return
			}
			go c.answer(conn)
		}
	}()
	return c
}

func (c *clamd) answer(conn net.Conn) {
	defer conn.Close()
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" || c.ill.Load() {
		return
	}
	var content bytes.Buffer
	for {
		var length uint32
		if err := binary.Read(conn, binary.BigEndian, &length); err != nil {
			return
		}
		if length == 0 {
			break
		}
		if _, err := io.CopyN(&content, conn, int64(length)); err != nil {
			return
		}
	}
	answer := "stream: OK\x00"
	if bytes.Contains(content.Bytes(), []byte("virus")) {
		answer = "stream: Eicar-Test-Signature FOUND\x00"
	}
	_, _ = io.WriteString(conn, answer)
}

func TestDocumentIsAvailableOnceItIsScanned(t *testing.T) {
	t.Parallel()
	daemon := newClamd(t)
	w := live.Start(t, func(s *server.Setup) { s.Scanner = &document.Scanner{Address: daemon.Addr().String()} })
	f := w.Case(t)
	housing := w.As(t, "housing")
	put := func(d *live.Reply, content any) *live.Reply {
		return housing.Do("PUT", d.Place()+"/content", content, live.Match(housing.Get(d.Place()).Tag())).Want(ok)
	}

	t.Run("clean", func(t *testing.T) {
		d := supplied(t, f, w, "housing")
		stored := put(d, "Een nette brief.")
		assert.Equal(t, []any{"available", true}, []any{stored.At("state"), stored.At("scanned")})
		w.As(t, "police").Get(d.Place() + "/content").Check(ok)
	})
	t.Run("with a virus: refused, and its content is gone", func(t *testing.T) {
		d := supplied(t, f, w, "housing")
		stored := put(d, "Een virus.")
		assert.Equal(t, []any{"refused", true, nil}, []any{stored.At("state"), stored.At("scanned"), stored.At("sha256")})
		housing.Get(d.Place() + "/content").Check(notFound)
		assert.Zero(t, numberIn(t, w, "select count(*) from document_part where document_id = $1", d.ID()))
		assert.Equal(t, "available", put(d, "Zonder nu.").Text("state"), "what is clean can be sent in its place")
	})
	t.Run("the scanner cannot be reached: it waits, and nobody reads it", func(t *testing.T) {
		daemon.ill.Store(true)
		d := supplied(t, f, w, "housing")
		assert.Equal(t, []any{"scanning", false}, []any{put(d, "Een brief.").At("state"), housing.Get(d.Place()).At("scanned")})
		for _, who := range []string{"housing", "police"} {
			w.As(t, who).Get(d.Place() + "/content").Check(notFound)
		}
		daemon.ill.Store(false)
		assert.Equal(t, "available", put(d, "Een brief.").Text("state"))
		assert.Equal(t, "Een brief.", string(w.As(t, "police").Get(d.Place()+"/content").Want(ok).Raw))
	})
}
