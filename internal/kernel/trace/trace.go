// Package trace carries the W3C trace id of a request, which joins its answer, its log lines and its
// audit entries.
package trace

import "context"

type key struct{}

// With puts a trace id (32 hexadecimal digits) in the context.
func With(ctx context.Context, id string) context.Context { return context.WithValue(ctx, key{}, id) }

// ID is the trace id of the context, empty when there is none.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}
