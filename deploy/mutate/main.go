// Command mutate changes the code that decides, one place at a time, and tells which changes no test notices. It
// runs gremlins on a copy of the module and ends with RESULT survivors; survivors that are explained in
// explained.csv are counted apart. With the folder of a package it takes that one alone.
package main

import (
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const gremlins = "github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0"

// target is a package; without matches the files in it that do not decide.
type target struct{ dir, without string }

var targets = []target{
	{dir: "internal/kernel/authz"},
	{dir: "internal/matrix", without: `^(http.*|store.*|table|default|matrix|assertion|service|service_(draft|assertion|publish|finding|past|compare))\.go$`},
}

// explained says why a survivor may live: file, mutator, the line of code as it stands, and the reason.
//
//go:embed explained.csv
var explained string

// report is what gremlins writes.
type report struct {
	Files []struct {
		Name      string `json:"file_name"`
		Mutations []struct {
			Type   string `json:"type"`
			Status string `json:"status"`
			Line   int    `json:"line"`
			Column int    `json:"column"`
		} `json:"mutations"`
	} `json:"files"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run() error {
	reasons, err := reasons()
	if err != nil {
		return err
	}
	survivors, known, mutants := 0, 0, 0
	for _, t := range targets {
		if len(os.Args) > 1 && !slices.Contains(os.Args[1:], t.dir) {
			continue
		}
		r, err := t.unleash()
		if err != nil {
			return err
		}
		for _, f := range r.Files {
			lines, err := linesOf(f.Name)
			if err != nil {
				return err
			}
			for _, m := range f.Mutations {
				mutants++
				if m.Status != "LIVED" && m.Status != "NOT COVERED" {
					continue
				}
				code := strings.TrimSpace(lines[m.Line-1])
				if reason, there := reasons[key{f.Name, m.Type, code}]; there {
					known++
					fmt.Printf("explained %s:%d:%d %s: %s\n", f.Name, m.Line, m.Column, m.Type, reason)
					continue
				}
				survivors++
				fmt.Printf("%s %s:%d:%d %s: %s\n", m.Status, f.Name, m.Line, m.Column, m.Type, code)
			}
		}
	}
	fmt.Printf("RESULT mutants %d\nRESULT survivors_explained %d\nRESULT survivors %d\n", mutants, known, survivors)
	return nil
}

// key names a mutant in a way that outlives other lines.
type key struct{ file, mutator, code string }

func reasons() (map[key]string, error) {
	rows, err := csv.NewReader(strings.NewReader(explained)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("explained.csv: %w", err)
	}
	all := map[key]string{}
	for _, row := range rows[1:] {
		all[key{row[0], row[1], row[2]}] = row[3]
	}
	return all, nil
}

func linesOf(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	return strings.Split(string(text), "\n"), err
}

// unleash runs gremlins on the package and reads its report.
func (t target) unleash() (r report, err error) {
	dir, err := os.MkdirTemp("", "wijkregie-mutate-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "report.json")
	args := []string{"run", gremlins, "unleash", "--workers", "2", "--timeout-coefficient", "20", "--output", out}
	if t.without != "" {
		args = append(args, "--exclude-files", t.without)
	}
	command := exec.Command("go", append(args, "./"+t.dir)...)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	if err := command.Run(); err != nil {
		return r, fmt.Errorf("gremlins on %s: %w", t.dir, err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, err
	}
	for i, f := range r.Files {
		if !strings.HasPrefix(f.Name, t.dir) {
			r.Files[i].Name = filepath.ToSlash(filepath.Join(t.dir, filepath.Base(f.Name)))
		}
	}
	return r, nil
}
