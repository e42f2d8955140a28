package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
)

type auditCommand struct {
	Verify verifyCommand `cmd:"" help:"Hold an export of the audit against the public key, and name the first entry that is not as it was sealed."`
}

// verifyCommand is what an auditor runs, on any machine: it needs the export, the public key that he got apart from it, and best a
// checkpoint that he kept from before.
type verifyCommand struct {
	Export     string   `arg:"" type:"existingfile" help:"The export."`
	Key        string   `required:"" help:"The public key of the checkpoints, as it was given apart from the export."`
	Checkpoint []string `type:"existingfile" help:"A checkpoint that was kept from before: a file with its note. May be repeated."`
}

// Run prints what was verified. It fails, with exit code 1, on the first thing that is wrong.
func (c verifyCommand) Run() error {
	var kept []string
	for _, name := range c.Checkpoint {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		kept = append(kept, string(text))
	}
	file, err := os.Open(c.Export)
	if err != nil {
		return err
	}
	v, err := ledger.Verify(file, c.Key, kept...)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	fmt.Printf("verified: municipality %s, %d entries, root %s, signed at %s, %d checkpoints\n",
		v.Municipality, v.Size, ledger.Text(v.Root), v.SignedAt.Format("2006-01-02 15:04:05 UTC"), v.Checkpoints)
	return nil
}
