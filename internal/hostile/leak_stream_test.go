package hostile

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// streams opens the stream of somebody from the first alert of his inbox, and reads as many as the inbox has.
func (a *archive) streams(t *testing.T, who *live.Client) answer {
	t.Helper()
	inbox := 0
	for _, page := range asks(who, "/v1/alerts?limit=200", nil) {
		inbox += strings.Count(page.body, `"sequence":`)
	}
	if inbox == 0 {
		return answer{}
	}
	ctx, done := context.WithCancel(t.Context())
	defer done()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL+"/v1/alert-stream", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+who.Token())
	request.Header.Set("Last-Event-ID", "0")
	stream, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer stream.Body.Close()
	var text strings.Builder
	for lines := bufio.NewScanner(stream.Body); inbox > 0 && lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "data:") {
			inbox--
		}
	}
	return answer{status: stream.StatusCode, body: text.String()}
}

// TestStreamsAndMailsTellNoMoreThanTheInbox reads every stream and every mail after a day in a full
// municipality, under a matrix that lets nobody see more than a little.
func TestStreamsAndMailsTellNoMoreThanTheInbox(t *testing.T) {
	a := newArchive(t)
	cells := someCells().Example(1)
	a.Impose(t, demo.Veldhoven, cells)
	read := 0
	for _, short := range []string{"director", "chair", "case-director", "social", "police"} {
		for mark, where := range found(map[string]answer{"the stream of " + short: a.streams(t, a.As(t, short))}) {
			read++
			for _, r := range a.records {
				require.False(t, r.mark == mark && !rule(cells).reads(person(short), r), "%s learns %s of %s/%s at %s", short, r.what, r.in.kind, r.in.basis, where)
			}
		}
	}
	require.NotZero(t, read, "the streams tell something")
	var mails []string
	require.Eventually(t, func() bool {
		mails, _ = filepath.Glob(filepath.Join(a.Mails, "*")) // the pattern is sound
		return len(mails) > 3
	}, 10*time.Second, 20*time.Millisecond)
	for _, mail := range mails {
		text, err := os.ReadFile(mail)
		require.NoError(t, err)
		require.Empty(t, marks.FindAll(text, -1), "a mail holds something of a dossier")
	}
}
