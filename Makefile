# Wijkregie. `make` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := bin/wijkregie
PACKAGES := ./...
# Cases per property: enough to catch a mistake in a minute; `make soak` runs many more.
RAPID := -rapid.checks=60

.PHONY: help
help: ## this list
	@grep -hE '^[a-z/-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## what the project needs beside Go: PostgreSQL, when none is found
	@deploy/setup-postgres.sh

.PHONY: build
build: ## the program, in bin/
	@mkdir -p bin
	go build -trimpath -o $(BIN) ./cmd/wijkregie

.PHONY: run
run: setup build ## serve the Veldhoven demonstration on 127.0.0.1:8080 (Ctrl-C stops)
	@$(BIN) serve --demo

.PHONY: demo
demo: build ## drive the main job against the running server; SCENARIO=1 to 5, or all, walks a story
	@$(BIN) demo

.PHONY: test
test: setup build ## every test, on a real PostgreSQL; needs no npm
	@$(BIN) postgres -- go test $(PACKAGES) -timeout 25m

.PHONY: test/race
test/race: setup build ## every test with the race detector (slow)
	@$(BIN) postgres -- go test -race $(PACKAGES) -timeout 30m

.PHONY: test/oidc
test/oidc: ## tokens of a real OpenID Connect server (needs node and npm)
	cd deploy/oidc-test && npm ci --ignore-scripts --no-audit --no-fund
	go test -tags oidc -run RealOpenID -v ./internal/kernel/identity/token/

.PHONY: soak
soak: setup build ## the properties, with many more cases
	@$(BIN) postgres -- go test $(PACKAGES) -run 'Property|Fence|Equal' -rapid.checks=2000 -timeout 60m

.PHONY: bench
bench: setup build ## the figures of the README, in two to three minutes (Linux)
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench --server $(BIN)

.PHONY: bench/decision
bench/decision: ## one decision from the snapshot with 10,000 rules loaded
	@go run ./cmd/bench decision

.PHONY: bench/authz
bench/authz: setup build ## the figures of the matrix: 100,000 dossiers, 100 partners; some ten minutes (Linux)
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench authz --server $(BIN)

.PHONY: bench/growth
bench/growth: setup build ## what requests cost at 100,000 dossiers and a million items beside 10,000; some three minutes (Linux)
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench growth --server $(BIN)

.PHONY: bench/alerts
bench/alerts: setup build ## the way of alerts to open streams and mails, and what 2,000 open streams cost; some five minutes (Linux)
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench alerts --server $(BIN)

.PHONY: bench/accesslog
bench/accesslog: setup ## what the durable access log costs, beside no log and an insert in the read's own transaction; some six minutes (Linux)
	go build -trimpath -tags bench -o bin/wijkregie-bench ./cmd/wijkregie
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench accesslog --server bin/wijkregie-bench

.PHONY: bench/audit
bench/audit: setup build ## how long an auditor's verification of 1,000,000 entries takes; a minute
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench audit --server $(BIN)

.PHONY: drill/tamper
drill/tamper: setup build ## tamper with the audit in ten ways, in the database and in its exports: is each detected and named
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench tamper --server $(BIN)

.PHONY: drill/kill
drill/kill: setup build ## kill -9 under load: has every request that was answered its line in the access log
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench kill --server $(BIN)

.PHONY: drill/stream
drill/stream: setup build ## writers that commit late, readers that leave and come back, instances that end: is each told everything once, in order
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench stream --server $(BIN)

.PHONY: drill/delivery
drill/delivery: setup build ## break mail server, database and server while changes are made: nothing lost, nothing twice; some twenty minutes (Linux)
	go build -trimpath -o bin/bench ./cmd/bench
	@bin/bench drill --server $(BIN)

.PHONY: mutate
mutate: setup build ## change the code that decides, place by place: which change does no test notice (some twenty minutes)
	@RAPID_CHECKS=25 $(BIN) postgres -- go run ./deploy/mutate

.PHONY: check
check: lint/go verify/generated lint/contract ## formatting, vet, generated files, the contract's linter

.PHONY: lint/go
lint/go:
	@test -z "$$(gofmt -l api cmd internal pkg | tee /dev/stderr)"
	go vet ./...

.PHONY: generate
generate: ## openapi.yaml and the Go made from the fragments in api/
	go generate ./api

.PHONY: verify/generated
verify/generated: generate ## that the committed generated files are current
	@git diff --exit-code --stat -- openapi.yaml api pkg/client

.PHONY: lint/contract
lint/contract: ## the Dutch API design rules: zero errors, zero warnings (needs npm)
	@cd api/codegen && { test -d node_modules || npm ci --ignore-scripts --no-audit --no-fund; } && npx --no-install spectral lint --fail-severity=warn -r adr-spectral.yaml ../../openapi.yaml

.PHONY: clean/data
clean/data: ## empty the demonstration: database, keys, mails
	@if [ -L .data/postgres/moved-to ]; then rm -rf "$$(readlink .data/postgres/moved-to)"; fi
	rm -rf .data
