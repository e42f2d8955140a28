package authz

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

// standing is what a caller is to a resource, as a bit.
type standing uint32

const (
	anyone standing = 1 << iota
	openingPartner
	known
	caseDirector
	opener
	chair
	municipalDirector
	see
	add
	edit
	supplier
	askedPartner
	leader
	self
	meetingChair
	administrator
	ownAdministrator
	privacyOfficer
	auditor
)

func standingNames() []string {
	return []string{
		"anyone", "opening-partner", "known", "case-director", "opener", "chair", "municipal-director", "see", "add", "edit",
		"supplier", "asked", "leader", "self", "meeting-chair", "administrator", "own-administrator", "privacy-officer", "auditor",
	}
}

//go:embed acts.csv
var actsTable string

const actsModel = `
[request_definition]
r = act, standing
[policy_definition]
p = act, standing
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && r.standing == p.standing
`

// compileActs asks Casbin every question about who may do what once: per act the standings that
// suffice.
func compileActs() (map[string]standing, error) {
	m, err := model.NewModelFromString(actsModel)
	if err != nil {
		return nil, err
	}
	enforcer, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	acts := map[string]standing{}
	lines := bufio.NewScanner(strings.NewReader(actsTable))
	for lines.Scan() {
		parts := strings.Split(lines.Text(), ", ")
		if len(parts) != 3 {
			continue
		}
		if _, err := enforcer.AddPolicy(parts[1], parts[2]); err != nil {
			return nil, err
		}
		acts[parts[1]] = 0
	}
	for act := range acts {
		for i, name := range standingNames() {
			ok, err := enforcer.Enforce(act, name)
			if err != nil {
				return nil, fmt.Errorf("who may do what: %w", err)
			}
			if ok {
				acts[act] |= 1 << i
			}
		}
	}
	return acts, nil
}
