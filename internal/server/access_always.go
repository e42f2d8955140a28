//go:build !bench

package server

import (
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// accessWriter is the writer of the access log. In a product that is delivered nothing turns it off.
func accessWriter(d *db.DB) *access.Writer { return access.NewWriter(d) }
