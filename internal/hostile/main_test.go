// Package hostile tries on the running product what a legitimate partner might, who wants to learn or
// change what he may not.
package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
