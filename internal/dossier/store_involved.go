package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// namedIn reads who took part by name, and when: from the slices of their admissions, which stay when a name goes.
// One that never began is none.
func namedIn(ctx context.Context, d Dossier) (rows []Part, err error) {
	err = db.Conn(ctx).Raw(`select partner_id, holder as professional_id, min(since) as since, nullif(max(until), 'infinity') as until
		from admission where municipality_id = ? and dossier_id = ? and kind = ? and holder <> partner_id and until > since
		group by partner_id, holder order by min(since), holder`, d.MunicipalityID, d.ID, authz.ByParticipation).Scan(&rows).Error
	return rows, err
}
