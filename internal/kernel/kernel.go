// Package kernel bundles what every area of the product stands on; it knows no area.
package kernel

import (
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// Kernel is handed to every area's service.
type Kernel struct {
	DB      *db.DB
	Authz   *authz.Authorizer
	Journal *journal.Recorder
	Secrets *secret.Keeper
}

// Now is the moment by the kernel's one clock: UTC, whole microseconds.
func (k Kernel) Now() time.Time { return k.DB.Now() }
