package internal_test

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// problems is the folder in which a failure gets its text.
const problems = "internal/kernel/problem"

// inTheTerminal are the packages whose failures only the operator reads, in English as all commands are.
var inTheTerminal = []string{"internal/kernel/db/embedded"}

func TestEveryTextOfAProblemExistsInDutch(t *testing.T) {
	said := textsOfProblems(t)
	dutch := problem.ReadTexts()
	for _, text := range slices.Sorted(maps.Keys(said)) {
		if dutch[text] == "" {
			t.Errorf("%s: %q has no Dutch text in %s/texts.nl.csv", said[text], text, problems)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(dutch)) {
		if _, used := said[text]; !used {
			t.Errorf("nothing says %q any more; remove it from %s/texts.nl.csv", text, problems)
		}
	}
}

// textsOfProblems is every English text that a problem can tell, and a place that says it.
func textsOfProblems(t *testing.T) map[string]token.Position {
	t.Helper()
	r := textReader{sinks: map[string]int{problems + ".Errorf": 1, problems + ".Detailf": 0}}
	for _, s := range sources(t) {
		if !s.test() && !slices.Contains(inTheTerminal, s.dir()) {
			r.files = append(r.files, s)
		}
	}
	r.declare()
	for known := 0; known < len(r.sinks); { // a function that hands on a text shows others that hand it on
		known = len(r.sinks)
		r.read()
	}
	for _, fault := range slices.Compact(slices.Sorted(slices.Values(r.faults))) {
		t.Error(fault)
	}
	return r.said
}

// textReader finds the texts of problems in the source: the Detail of a problem.Error and a
// problem.Field, and what is given to a function as one. Names are "folder.name".
type textReader struct {
	files     []source
	constants map[string]ast.Expr
	functions map[string]place
	sinks     map[string]int // functions and which argument of theirs is a text
	said      map[string]token.Position
	faults    []string
}

// place is where in the source an expression stands.
type place struct {
	source
	within *ast.FuncDecl // nil outside functions
}

func (r *textReader) declare() {
	r.constants, r.functions = map[string]ast.Expr{}, map[string]place{}
	for _, s := range r.files {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					r.functions[s.dir()+"."+d.Name.Name] = place{s, d}
				}
			case *ast.GenDecl:
				r.declareConstants(s, d)
			}
		}
	}
}

func (r *textReader) declareConstants(s source, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		if values, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.CONST {
			for i, value := range values.Values {
				r.constants[s.dir()+"."+values.Names[i].Name] = value
			}
		}
	}
}

func (r *textReader) read() {
	r.said, r.faults = map[string]token.Position{}, nil
	for _, s := range r.files {
		for _, d := range s.file.Decls {
			at := place{source: s}
			at.within, _ = d.(*ast.FuncDecl)
			ast.Inspect(d, func(n ast.Node) bool {
				r.node(at, n)
				return true
			})
		}
	}
}

func (r *textReader) node(at place, n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if at.isProblem(n.Type) {
			r.details(at, n)
		}
		if list, ok := n.Type.(*ast.ArrayType); ok && at.isProblem(list.Elt) {
			for _, one := range n.Elts {
				r.details(at, one)
			}
		}
	case *ast.CallExpr:
		if i, found := r.sink(at, n.Fun); found && i < len(n.Args) {
			r.text(at, n.Args[i])
		}
	}
}

// isProblem tells whether a type is problem.Error or problem.Field.
func (at place) isProblem(kind ast.Expr) bool {
	folder, name := at.resolve(kind)
	return folder == problems && (name == "Error" || name == "Field")
}

// resolve is the folder and the name that an expression refers to; a method counts as its caller's folder's.
func (at place) resolve(e ast.Expr) (folder, name string) {
	switch e := e.(type) {
	case *ast.Ident:
		return at.dir(), e.Name
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok {
			for _, path := range at.imports() {
				if path == pkg.Name || strings.HasSuffix(path, "/"+pkg.Name) {
					return strings.TrimPrefix(path, module), e.Sel.Name
				}
			}
		}
		return at.dir(), e.Sel.Name
	}
	return "", ""
}

func (r *textReader) sink(at place, called ast.Expr) (argument int, found bool) {
	folder, name := at.resolve(called)
	if argument, found = r.sinks[folder+"."+name]; !found && (name == "Detailf" || name == "Note") { // methods of problem
		argument, found = r.sinks[problems+"."+name]
	}
	return argument, found
}

func (r *textReader) details(at place, literal ast.Expr) {
	composite, ok := literal.(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, e := range composite.Elts {
		pair, keyed := e.(*ast.KeyValueExpr)
		if !keyed {
			r.faults = append(r.faults, at.set.Position(e.Pos()).String()+": name the fields of a problem")
			return
		}
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "Detail" {
			r.text(at, pair.Value)
		}
	}
}

// text notes what an expression says, or what it can say. Where that cannot be read from the source
// it is a fault: a text that nobody finds is a text that nobody translates.
func (r *textReader) text(at place, e ast.Expr) {
	if said, ok := r.literal(at, e); ok {
		r.said[said] = at.set.Position(e.Pos())
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		if i := at.parameter(e.Name); i >= 0 {
			r.sinks[at.dir()+"."+at.within.Name.Name] = i
			return
		}
	case *ast.IndexExpr:
		r.text(at, e.X)
		return
	case *ast.CompositeLit: // a map of texts
		for _, one := range e.Elts {
			r.text(at, one.(*ast.KeyValueExpr).Value)
		}
		return
	case *ast.CallExpr:
		if r.called(at, e) {
			return
		}
	}
	r.faults = append(r.faults, at.set.Position(e.Pos()).String()+
		": write the text where it is given, or as a constant, and values as arguments of Errorf or Detailf")
}

// called notes what a function that is called can say; it is false when that cannot be read.
func (r *textReader) called(at place, call *ast.CallExpr) bool {
	folder, name := at.resolve(call.Fun)
	made, ours := r.functions[folder+"."+name]
	switch {
	case ours:
		ast.Inspect(made.within.Body, func(n ast.Node) bool {
			if back, ok := n.(*ast.ReturnStmt); ok {
				r.text(made, back.Results[0])
			}
			return true
		})
	case folder == "cmp" && name == "Or":
		for _, one := range call.Args {
			r.text(at, one)
		}
	default: // where a format is filled in
		return at.dir() == problems && folder == "fmt"
	}
	return true
}

// literal is the text of a literal, a constant or a sum of these.
func (r *textReader) literal(at place, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.Ident:
		value, known := r.constants[at.dir()+"."+e.Name]
		if !known || at.parameter(e.Name) >= 0 {
			return "", false
		}
		return r.literal(at, value)
	case *ast.BinaryExpr:
		left, ok1 := r.literal(at, e.X)
		right, ok2 := r.literal(at, e.Y)
		return left + right, ok1 && ok2
	}
	return "", false
}

// parameter is the place of a parameter of the function around, -1 for what is none.
func (at place) parameter(name string) int {
	if at.within == nil {
		return -1
	}
	i := 0
	for _, field := range at.within.Type.Params.List {
		for _, one := range field.Names {
			if one.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}
