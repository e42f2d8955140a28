package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Municipalities lists the CBS codes of all of them, for what the product does by itself.
func (d *DB) Municipalities(ctx context.Context) (ids []string, err error) {
	err = d.Lookup(ctx, &ids, "select id from municipality order by id")
	return ids, err
}

const addMunicipalitySQL = `with added as (
	insert into municipality (id, name, time_zone) values ($1, $2, $3) on conflict (id) do nothing returning id
) insert into municipality_stamp (municipality_id) select id from added`

// AddMunicipality makes room for a municipality by its CBS code ("GM0861"), with the time zone in
// which its terms end. The user in url is the owner, as for Migrate: no role that works may do this.
// A municipality that is there stays as it is.
func AddMunicipality(ctx context.Context, url, id, name, zone string) (err error) {
	if !regexp.MustCompile(`^GM[0-9]{4}$`).MatchString(id) || name == "" {
		return errors.New("a municipality has a CBS code like GM0861 and a name")
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" {
		return errors.New("a municipality has a time zone like Europe/Amsterdam")
	}
	conn, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, addMunicipalitySQL, id, name, zone); err != nil {
		return fmt.Errorf("add municipality: %w", err)
	}
	return nil
}
