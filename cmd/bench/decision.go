package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

var perDecision = regexp.MustCompile(`(?m)^BenchmarkDecision\S*\s+\d+\s+([0-9.]+) ns/op`)

// measureDecision runs the Go benchmark of a decision from the snapshot with 10,000 rules loaded.
func measureDecision(ctx context.Context, r *results) error {
	say("decision: go test -bench BenchmarkDecision ./internal/kernel/authz")
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkDecision$", "./internal/kernel/authz")
	text, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	found := perDecision.FindSubmatch(text)
	if found == nil {
		return errors.New("the benchmark printed no ns/op")
	}
	ns, err := strconv.ParseFloat(string(found[1]), 64)
	r.add("decision_ns", ns)
	return err
}
