// Package organisation knows who takes part in a municipality: its partner organisations, their
// professionals and systems, who stands in for whom, the areas and the standing consultations. From
// these records, and never from a token, follows who acts.
package organisation

import (
	"slices"
	"strconv"
)

// The acts of internal/kernel/authz/acts.csv that this area knows.
const (
	actRead               = "municipality.read"
	actManagePartner      = "partner.manage"
	actManageProfessional = "professional.manage"
	actAcceptSecrecy      = "secrecy.accept"
	actManageSubstitution = "substitution.manage"
	actManageClient       = "client.manage"
	actManageTable        = "table.manage"
	actManageSettings     = "settings.manage"
)

// directing is the partner type of the municipality's own direction: an administrator there
// administers the municipality, one elsewhere his own organisation.
const directing = "municipal-director"

// at points at one place in an array.
func at(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

// set is the list without doubles and never nil, so that it is the same in every comparison.
func set[T comparable](list []T) []T {
	unique := make([]T, 0, len(list))
	for _, one := range list {
		if !slices.Contains(unique, one) {
			unique = append(unique, one)
		}
	}
	return unique
}

// missing are those of a list that another does not have.
func missing[T comparable](list, other []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool { return slices.Contains(other, one) })
}
