package server

import (
	"cmp"
	"sort"
)

// findingText says in words what a code of an input error means; verbs in it are bounds.
func findingText(code string) string {
	return cmp.Or(formTexts()[code], boundTexts()[code], "This is not valid.")
}

// formTexts are the codes of what is written wrongly.
func formTexts() map[string]string {
	return map[string]string{
		"json":       "This is not valid JSON.",
		"trailing":   "Something follows the JSON; send one JSON value.",
		"duplicate":  "This stands there more than once.",
		"depth":      "The JSON is nested too deeply; at most 64 levels.",
		"utf-8":      "The text is not valid UTF-8.",
		"text":       "The text holds a character that is not allowed, such as NUL.",
		"syntax":     "The query is not encoded well.",
		"incomplete": "The request did not arrive completely.",
		"unexpected": "This request may not have a body.",
		"unknown":    "This field does not exist here.",
		"required":   "This is required.",
		"empty":      "This may not be empty.",
		"nullable":   "This may not be null.",
		"readonly":   "This field can only be read.",
		"integer":    "Write a whole number, without a plus or leading zeros.",
		"number":     "Write a number with a point for decimals.",
		"boolean":    "Write true or false.",
		"uuid":       "This is not a UUID.",
		"date":       "This is not a date that exists; write yyyy-mm-dd.",
		"date-time":  "This is not a date and time; write it like 2026-11-24T09:30:00Z.",
		"email":      "This is not an e-mail address.",
		"uri":        "This is not a complete address (URI).",
		"format":     "This is not in the form that the contract asks for.",
		"key":        "Give 8 to 255 printable characters without spaces.",
		"choice":     "This fits none of the forms that the contract knows.",
	}
}

// boundTexts are the codes of what is outside a bound of the contract; %v is the bound.
func boundTexts() map[string]string {
	return map[string]string{
		"type":          "This has the wrong type; expected: %v.",
		"enum":          "Choose one of: %v.",
		"pattern":       "This does not match the pattern %v.",
		"too-short":     "This is too short; at least %v characters.",
		"too-long":      "This is too long; at most %v characters.",
		"too-few":       "These are too few; at least %v.",
		"too-many":      "These are too many; at most %v.",
		"too-low":       "This is too low; at least %v.",
		"too-high":      "This is too high; at most %v.",
		"uniqueitems":   "The same value stands there more than once.",
		"minproperties": "Give at least one field.",
	}
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
