package matrix

import "github.com/wijkregie/wijkregie/internal/kernel/authz"

// advices finds categories that somebody gets while the advice on them was withdrawn, or that no matrix gave before and on which
// there is none (Wgs 1.8(6)). Every kind of dossier may be under the Wgs. The first matrix is what its municipality began with.
func (l *lint) advices() error {
	if l.given == 0 {
		return nil
	}
	var gives int64
	for _, p := range l.parties() {
		row, _, err := l.rows(p)
		if err != nil {
			return err
		}
		for t := range row {
			for c, level := range row[t] {
				if level.Acts() != 0 {
					gives |= authz.Category(c).Bit()
				}
			}
		}
	}
	for _, c := range authz.Categories() {
		stands, asked := l.advised[c]
		fine := stands || !asked && l.given&c.Bit() != 0
		if gives&c.Bit() != 0 && !fine {
			l.found = append(l.found, Finding{Code: noAdvice, DossierType: authz.AllTypes, Category: c})
		}
	}
	return nil
}
