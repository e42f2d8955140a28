// Package api is the contract as Go: types, the strict Echo server and the embedded document, all
// generated from the fragments in this folder. Handlers live in the areas.
package api

//go:generate go run ./codegen
//go:generate go tool oapi-codegen --config codegen/types.yaml ../openapi.yaml
//go:generate go tool oapi-codegen --config codegen/server.yaml ../openapi.yaml
//go:generate go tool oapi-codegen --config codegen/spec.yaml ../openapi.yaml
//go:generate go tool oapi-codegen --config codegen/client.yaml ../openapi.yaml
