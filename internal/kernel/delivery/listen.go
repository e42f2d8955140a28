package delivery

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// How long the listener trusts the silence of its connection, and lets a statement take.
const (
	silence   = time.Second
	statement = 5 * time.Second
)

// Listen publishes what other instances have sequenced until the context ends. It has a connection
// of its own to url and makes a new one when that breaks. After a second of silence, and at every
// new connection, it reads the heads itself, so that a lost notification costs that second.
func (b *Broadcaster) Listen(ctx context.Context, url string, log *slog.Logger) {
	wait := shortestWait
	for ctx.Err() == nil {
		connected := time.Now()
		err := b.listen(ctx, url)
		if ctx.Err() != nil {
			return
		}
		log.WarnContext(ctx, "the listener for new events connects again", "error", err)
		wait = min(2*wait, 10*longestWait)
		if time.Since(connected) > wait {
			wait = shortestWait
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// listen works on one connection until that breaks.
func (b *Broadcaster) listen(ctx context.Context, url string) (err error) {
	conn, err := open(ctx, url)
	if err != nil {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), statement)
		defer cancel()
		err = errors.Join(err, conn.Close(bounded))
	}()
	for {
		if err := b.read(ctx, conn); err != nil {
			return err
		}
		if err := b.hear(ctx, conn); err != nil {
			return err
		}
	}
}

func open(ctx context.Context, url string) (*pgx.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, statement)
	defer cancel()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "wijkregie listener"
	conn, err := pgx.ConnectConfig(bounded, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(bounded, "set role wijkregie_system; listen "+channel); err != nil {
		return nil, errors.Join(err, conn.Close(bounded))
	}
	return conn, nil
}

// read publishes the heads.
func (b *Broadcaster) read(ctx context.Context, conn *pgx.Conn) error {
	bounded, cancel := context.WithTimeout(ctx, statement)
	defer cancel()
	found, err := heads(bounded, conn)
	for municipality, last := range found {
		b.Publish(municipality, last)
	}
	return err
}

// hear publishes notifications until there is silence.
func (b *Broadcaster) hear(ctx context.Context, conn *pgx.Conn) error {
	for {
		bounded, cancel := context.WithTimeout(ctx, silence)
		note, err := conn.WaitForNotification(bounded)
		cancel()
		if err != nil {
			if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && !conn.IsClosed() {
				return nil
			}
			return err
		}
		municipality, number, _ := strings.Cut(note.Payload, ":")
		if last, err := strconv.ParseInt(number, 10, 64); err == nil {
			b.Publish(municipality, last)
		}
	}
}
