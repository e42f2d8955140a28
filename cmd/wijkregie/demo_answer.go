package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// maxAnswer bounds what is read of one answer, in bytes.
const maxAnswer = 8 << 20

// got is what a request must have given (200).
func got[T any](answer *http.Response, err error) (T, error) {
	return must[T](http.StatusOK, answer, err)
}

// made is what a request must have made (201).
func made[T any](answer *http.Response, err error) (T, error) {
	return must[T](http.StatusCreated, answer, err)
}

// must reads the body of an answer that has to have this status.
func must[T any](status int, answer *http.Response, err error) (body T, _ error) {
	text, err := read(answer, err)
	if err != nil {
		return body, err
	}
	if answer.StatusCode != status {
		return body, fmt.Errorf("%s; it should be %d", describe(answer, text), status)
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return body, fmt.Errorf("%s: the answer is not as the contract says: %w", describe(answer, nil), err)
	}
	return body, nil
}

func read(answer *http.Response, err error) (text []byte, _ error) {
	if err != nil {
		return nil, err
	}
	text, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	return text, errors.Join(err, answer.Body.Close())
}

// describe is an answer in one line: what was asked, the status and why.
func describe(answer *http.Response, text []byte) string {
	line := fmt.Sprintf("%s %s answered %d", answer.Request.Method, answer.Request.URL.Path, answer.StatusCode)
	var p client.Problem
	if json.Unmarshal(text, &p) == nil && p.Title != "" {
		line += " " + reason(p)
	}
	return line
}

// reason is what a problem tells: its title, its detail and what is wrong with the input.
func reason(p client.Problem) string {
	text := p.Title + ": " + p.Detail
	for _, e := range p.Errors {
		text += " " + strings.TrimSpace(place(e)+" "+e.Detail)
	}
	return text
}

// place is where in the input something is wrong: a JSON pointer, or the name of a parameter.
func place(e client.FieldError) string {
	for _, where := range []*string{e.Pointer, e.Parameter} {
		if where != nil && *where != "" {
			return *where + ":"
		}
	}
	return ""
}

// statusOf is the status of the kinds of problem that the main job meets.
func statusOf(kind problem.Kind) int {
	switch kind {
	case problem.Invalid:
		return http.StatusBadRequest
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Conflict:
		return http.StatusConflict
	default: // problem.Forbidden, problem.Shielded
		return http.StatusForbidden
	}
}

// refusal reads an answer that has to be a refusal of this kind, and gives its reason.
func refusal(kind problem.Kind, answer *http.Response, err error) (string, error) {
	text, err := read(answer, err)
	if err != nil {
		return "", err
	}
	var p client.Problem
	if answer.StatusCode != statusOf(kind) {
		return "", fmt.Errorf("%s; it should be refused with %d %s", describe(answer, text), statusOf(kind), kind)
	}
	if err := json.Unmarshal(text, &p); err != nil || !strings.HasSuffix(p.Type, "/"+string(kind)) {
		return "", fmt.Errorf("%s; its type should end with %s", describe(answer, text), kind)
	}
	return reason(p), nil
}

// refused gives a function for an answer that has to be a refusal of this kind; it tells what was
// refused and why.
func (r *run) refused(kind problem.Kind, format string, args ...any) func(*http.Response, error) error {
	return func(answer *http.Response, err error) error {
		why, err := refusal(kind, answer, err)
		if err != nil {
			return err
		}
		r.tell("  refused  "+format+"\n           %d %s", append(args, statusOf(kind), why)...)
		return nil
	}
}

// differs is a step that is not as it must be.
func differs(format string, args ...any) error { return fmt.Errorf(format, args...) }

// id is what nullable ids give, zero without one.
func id(value interface{ Get() (uuid.UUID, error) }) uuid.UUID {
	found, err := value.Get()
	if err != nil {
		return uuid.Nil
	}
	return found
}
