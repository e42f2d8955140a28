package configuration

import "strings"

// Processing is for what an information category is processed, and whom it is about (AVG 30(1)b and c).
type Processing struct {
	Category string
	Purposes []string // codes of list processing-purposes
	Subjects []string // codes of list data-subject-kinds; none when it cannot be traced to persons
}

// Processings gives the processing of every information category, in the order of Categories.
func (s *Service) Processings() []Processing { return s.processings }

func readProcessings() (all []Processing) {
	for _, r := range read("verwerkingen.csv") {
		all = append(all, Processing{Category: r["category"], Purposes: codes(r["purposes"]), Subjects: codes(r["data_subjects"])})
	}
	return all
}

// codes splits a column with several codes.
func codes(column string) []string {
	return strings.FieldsFunc(column, func(r rune) bool { return r == ';' })
}
