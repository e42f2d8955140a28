// Package internal_test holds the house to its own rules: who may import whom, and how large things
// may grow.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/wijkregie/wijkregie/"

// downhill is the one order in which areas know each other: a later one may use an earlier one.
var downhill = []string{
	"configuration", "organisation", "matrix", "dossier", "person", "document", "plan", "meeting", "alert", "neighbourhood", "subversion",
	"supervision", "certification", "panel", "training", "privacy", "oversight",
}

type source struct {
	path string // from the root of the repository, with slashes
	file *ast.File
	set  *token.FileSet
}

func (s source) dir() string  { return filepath.ToSlash(filepath.Dir(s.path)) }
func (s source) base() string { return filepath.Base(s.path) }
func (s source) test() bool   { return strings.HasSuffix(s.path, "_test.go") }

func (s source) imports() []string {
	var all []string
	for _, i := range s.file.Imports {
		all = append(all, strings.Trim(i.Path.Value, `"`))
	}
	return all
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	root := ".."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".gen.go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		all = append(all, source{path: filepath.ToSlash(relative), file: file, set: set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// area is the area of a folder, and its place in the downhill order; -1 for what is no area.
func area(dir string) (string, int) {
	name, found := strings.CutPrefix(dir, "internal/")
	if !found {
		return "", -1
	}
	name, _, _ = strings.Cut(name, "/")
	return name, slices.Index(downhill, name)
}

func TestWhoMayImportWhom(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		for _, path := range s.imports() {
			if why := forbidden(s, path); why != "" {
				t.Errorf("%s imports %s: %s", s.path, path, why)
			}
		}
	}
}

func forbidden(s source, path string) string {
	in := func(dirs ...string) bool {
		return slices.ContainsFunc(dirs, func(d string) bool { return s.dir() == d || strings.HasPrefix(s.dir(), d+"/") })
	}
	own, local := strings.CutPrefix(path, module)
	_, from := area(s.dir())
	_, to := area(own)
	switch {
	case strings.HasPrefix(path, "gorm.io/") && !in("internal/kernel/db") && !strings.HasPrefix(s.base(), "store"):
		return "GORM is for store files and kernel/db"
	case strings.HasPrefix(path, "github.com/labstack/echo") && !in("internal/server", "api"):
		return "Echo is for the server"
	case strings.HasPrefix(path, "github.com/casbin") && !in("internal/kernel/authz"):
		return "Casbin is for kernel/authz"
	case strings.HasPrefix(path, "codeberg.org/go-pdf") && !in("internal/kernel/paper"):
		return "fpdf is for kernel/paper"
	case !local:
		return ""
	case own == "api" && !strings.HasPrefix(s.base(), "http") && !strings.HasPrefix(s.base(), "pdf") && !in("internal/server", "internal/testkit", "cmd"):
		return "the contract is for http files, for pdf files, which print the very body that an http file answers with, and for the server"
	case in("internal/kernel") && strings.HasPrefix(own, "internal/") && !strings.HasPrefix(own, "internal/kernel"):
		return "the kernel knows no area"
	case from >= 0 && to > from:
		return "areas know each other downhill only"
	case from >= 0 && own == "internal/server", in("internal", "api", "pkg") && strings.HasPrefix(own, "cmd/"):
		return "nothing points back up"
	case in("pkg") && strings.HasPrefix(own, "internal/"):
		return "pkg is for others and stands alone"
	}
	return ""
}

// systemCallers are the packages that may act as the product itself.
var systemCallers = []string{
	"internal/organisation", "internal/matrix", "internal/alert", "internal/kernel/delivery", "internal/kernel/identity", "internal/server", "internal/testkit",
	"internal/kernel/ledger", "internal/oversight", "internal/plan", "internal/privacy",
}

func TestOnlyListedPackagesActAsTheSystem(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() || slices.Contains(systemCallers, s.dir()) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if ok && call.Sel.Name == "System" {
				if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "identity" {
					t.Errorf("%s acts as the system and is not listed", s.set.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

func TestSizes(t *testing.T) {
	const fileLines, functionLines = 300, 60
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		if n := s.set.Position(s.file.End()).Line; n > fileLines {
			t.Errorf("%s has %d lines; split it by noun", s.path, n)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line; n > functionLines {
				t.Errorf("%s: %s has %d lines", s.path, f.Name.Name, n)
			}
			if f.Name.Name == "init" {
				t.Errorf("%s has an init", s.path)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	said := map[string]bool{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		said[s.dir()] = said[s.dir()] || s.file.Doc != nil
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() || strings.HasPrefix(s.path, "pkg/client") {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Name.IsExported() && f.Doc == nil && (f.Recv == nil || exportedReceiver(f)) {
				t.Errorf("%s: %s has no doc comment", s.set.Position(f.Pos()), f.Name.Name)
			}
		}
	}
}

func exportedReceiver(f *ast.FuncDecl) bool {
	kind := f.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	name, ok := kind.(*ast.Ident)
	return ok && name.IsExported()
}
