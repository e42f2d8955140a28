package server

import (
	"maps"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/oversight"
)

// evaluation is a question of AuthZEN: may this subject do this with this resource.
type evaluation struct {
	subjectType, subject   string
	resourceType, resource string
	category               string // resource.properties.category
	action                 string
}

// evaluationOf reads one evaluation. It fails with problem.Invalid when a part that is required is not there.
func evaluationOf(body map[string]any) (q evaluation, err error) {
	for _, part := range []struct {
		name, key string
		to        *string
	}{
		{"subject", "type", &q.subjectType}, {"subject", "id", &q.subject}, {"resource", "type", &q.resourceType}, {"resource", "id", &q.resource},
		{"action", "name", &q.action},
	} {
		object, isObject := body[part.name].(map[string]any)
		text, isText := object[part.key].(string)
		if !isObject || !isText || text == "" {
			return q, badQuestion("Give subject and resource with type and id, and action with name, as texts.")
		}
		*part.to = text
		properties, isObject := object["properties"].(map[string]any)
		if object["properties"] != nil && !isObject {
			return q, badQuestion("Properties are an object.")
		}
		if part.name == "resource" {
			q.category, _ = properties["category"].(string)
		}
	}
	if context, there := body["context"]; there {
		if _, isObject := context.(map[string]any); !isObject {
			return q, badQuestion("The context is an object.")
		}
	}
	return q, nil
}

// question is what is asked in the words of the product; false for what it does not know.
func (q evaluation) question() (asked oversight.Question, known bool) {
	subject, wrong := uuid.Parse(q.subject)
	resource, wrongToo := uuid.Parse(q.resource)
	asked.Acts = oversight.ActsAsked(q.action)
	if wrong != nil || wrongToo != nil || asked.Acts == 0 {
		return asked, false
	}
	switch q.subjectType {
	case "professional":
		asked.Professional = &subject
	case "partner":
		asked.Partner = &subject
	default:
		return asked, false
	}
	switch q.resourceType {
	case "information-item":
		asked.Item = &resource
		return asked, true
	case "dossier":
		category, err := authz.ParseCategory(q.category)
		asked.Dossier, asked.Category = resource, &category
		return asked, err == nil
	}
	return asked, false
}

// boxcar is several evaluations in one request.
type boxcar struct {
	each []map[string]any // each with the defaults filled in
	ends func(decision bool) bool
}

// boxcarOf reads several evaluations with what they share. It fails with problem.Invalid.
func boxcarOf(body map[string]any) (b boxcar, err error) {
	var asked []any
	if given, there := body["evaluations"]; there {
		list, isList := given.([]any)
		if !isList || len(list) > maxEvaluations {
			return b, badQuestion("Evaluations are a list of at most 100.")
		}
		asked = list
	}
	if b.ends, err = endOf(body["options"]); err != nil {
		return b, err
	}
	shared := map[string]any{}
	for _, name := range []string{"subject", "action", "resource", "context"} {
		if value, there := body[name]; there {
			shared[name] = value
		}
	}
	for _, one := range asked {
		own, isObject := one.(map[string]any)
		if !isObject {
			return b, badQuestion("Each evaluation is an object.")
		}
		whole := maps.Clone(shared)
		maps.Copy(whole, own)
		b.each = append(b.each, whole)
	}
	return b, nil
}

// endOf says after which decision no further evaluation is made.
func endOf(options any) (func(bool) bool, error) {
	never := func(bool) bool { return false }
	if options == nil {
		return never, nil
	}
	object, isObject := options.(map[string]any)
	if !isObject {
		return nil, badQuestion("The options are an object.")
	}
	switch object["evaluations_semantic"] {
	case nil, "execute_all":
		return never, nil
	case "deny_on_first_deny":
		return func(decision bool) bool { return !decision }, nil
	case "permit_on_first_permit":
		return func(decision bool) bool { return decision }, nil
	}
	return nil, badQuestion("Choose evaluations_semantic execute_all, deny_on_first_deny or permit_on_first_permit.")
}
