package demo

import "github.com/wijkregie/wijkregie/internal/kernel/identity/token"

// Token makes a token for a person or a system: eight hours for a person, as long as any other for
// a system. It fails for a short name that there is not, and where demo persons may not come in.
func Token(issuer *token.Issuer, short string) (string, error) {
	p, err := Find(short)
	if err != nil {
		return "", err
	}
	if p.System() {
		return issuer.IssueSystem(token.Client{ID: p.ID(), Municipality: p.Municipality})
	}
	return issuer.IssuePerson(p.Subject(), p.Municipality)
}
