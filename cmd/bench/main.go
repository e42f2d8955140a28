// Command bench measures the product as it runs: requests and CPU beside a bare handler that runs the
// same SQL, alerts, decisions, memory and starting. It ends with a line RESULT for each figure.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // the municipality's zone, also where the machine knows none

	"github.com/alecthomas/kong"
)

type program struct {
	Run       runCommand       `cmd:"" default:"withargs" help:"Measure."`
	Authz     authzCommand     `cmd:"" help:"Measure the authorisation matrix."`
	Growth    growthCommand    `cmd:"" help:"Measure requests in a municipality that has grown tenfold."`
	Drill     drillCommand     `cmd:"" help:"Break things while changes are made, and count what did not arrive, or came twice."`
	Alerts    alertsCommand    `cmd:"" help:"Measure the way of alerts to open streams and mails."`
	Stream    streamCommand    `cmd:"" help:"Hold what readers of streams are told against the database, while writers commit late, readers leave and instances end."`
	AccessLog accessLogCommand `cmd:"" name:"accesslog" help:"Measure what the access log costs."`
	Kill      killCommand      `cmd:"" help:"End the server with kill -9 under load, and look for the line of every request that was answered."`
	Audit     auditCommand     `cmd:"" help:"Measure the verification of a large export of the audit."`
	Tamper    tamperCommand    `cmd:"" help:"Tamper with the audit in ten ways, and count what an auditor detects."`
	Bare      bareCommand      `cmd:"" hidden:"" help:"Serve the bare handlers; the measurement starts this itself."`
}

func main() {
	var p program
	command := kong.Parse(&p, kong.Name("bench"), kong.UsageOnError(), kong.Description("Measures the product and prints each figure as RESULT name value."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type runCommand struct {
	Part    []string      `arg:"" optional:"" enum:"decision,start,alert,requests" help:"What to measure: decision, start, alert, requests; everything by default."`
	Server  string        `help:"The program under measurement." default:"bin/wijkregie" type:"path"`
	Rounds  int           `help:"Rounds of requests; in each one both servers have their turn." default:"15"`
	Turn    time.Duration `help:"How long one turn takes." default:"1s"`
	Callers int           `help:"How many callers send requests at once." default:"16"`
	Kind    []string      `help:"Which requests: list, read, write." enum:"list,read,write" default:"list,read,write"`
	Hold    bool          `help:"Only fill a database and serve it, for a look or a profile, until Ctrl-C."`
	Check   bool          `help:"Only hold the statements of the bare handlers against the product's."`
}

// Run measures the parts one after the other and prints what was found, also when a part fails.
func (c runCommand) Run(ctx context.Context) error {
	r := &results{}
	err := c.measure(ctx, r)
	r.print(os.Stdout)
	return err
}

func (c runCommand) measure(ctx context.Context, r *results) error {
	if c.wants("decision") {
		if err := measureDecision(ctx, r); err != nil {
			return fmt.Errorf("decision: %w", err)
		}
	}
	if c.wants("start") {
		if err := measureStart(ctx, c.Server, r); err != nil {
			return fmt.Errorf("start: %w", err)
		}
	}
	if !c.wants("alert") && !c.wants("requests") {
		return nil
	}
	g, err := prepare(ctx, c.Server)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	defer g.close()
	if c.Hold {
		say("the product serves on %s, the database is %s", g.product.url, g.url)
		<-ctx.Done()
		return nil
	}
	if c.wants("alert") {
		if err := measureAlerts(ctx, g, r); err != nil {
			return fmt.Errorf("alert: %w", err)
		}
	}
	if c.wants("requests") {
		if err := c.requests(ctx, g, r); err != nil {
			return fmt.Errorf("requests: %w", err)
		}
	}
	return nil
}

func (c runCommand) wants(part string) bool {
	return (len(c.Part) == 0 || slices.Contains(c.Part, part)) && (!c.Check || part == "requests")
}

// results are the figures in the order in which they were measured.
type results struct{ lines []string }

func (r *results) add(name string, value float64) {
	r.lines = append(r.lines, fmt.Sprintf("RESULT %s %.4g", name, value))
}

// set is add, in place of an earlier line of the same name.
func (r *results) set(name string, value float64) {
	r.lines = slices.DeleteFunc(r.lines, func(line string) bool { return strings.HasPrefix(line, "RESULT "+name+" ") })
	r.add(name, value)
}

func (r *results) print(w io.Writer) {
	for _, line := range r.lines {
		fmt.Fprintln(w, line)
	}
}

// say tells what is being done, beside the figures.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
