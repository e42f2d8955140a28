package main

import (
	"context"
	"errors"
	"os"
	"time"
)

// instance is one process of the product at an address of its own, that may die and come back.
type instance struct {
	*child
	address, dir string
	begin        func(ctx context.Context, i *instance) (*child, error)
}

// start lets the process begin, at the same address as before.
func (i *instance) start(ctx context.Context) (err error) {
	if err := os.MkdirAll(i.dir, 0o755); err != nil {
		return err
	}
	began := time.Now()
	if i.child, err = i.begin(ctx, i); err != nil {
		return err
	}
	_, err = i.ready(ctx, "/readyz", began)
	return err
}

// kill ends the process as kill -9 does.
func (i *instance) kill() error {
	if err := i.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-i.ended
	return nil
}

func (i *instance) alive() bool {
	if i.child == nil {
		return false
	}
	select {
	case <-i.ended:
		return false
	default:
		return true
	}
}
