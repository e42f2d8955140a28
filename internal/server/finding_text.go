package server

import (
	"fmt"
	"sort"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// explain says in words what a code of an input error means.
func explain(code string, tag language.Tag, bounds ...any) string {
	text, known := findingText(code)
	if !known {
		text = language.Text{NL: "Dit is niet geldig.", EN: "This is not valid."}
	}
	return fmt.Sprintf(text.In(tag), bounds...)
}

func findingText(code string) (language.Text, bool) {
	if text, known := formTexts()[code]; known {
		return text, true
	}
	text, known := boundTexts()[code]
	return text, known
}

// formTexts are the codes of what is written wrongly.
func formTexts() map[string]language.Text {
	return map[string]language.Text{
		"json":       {NL: "Dit is geen geldige JSON.", EN: "This is not valid JSON."},
		"trailing":   {NL: "Na de JSON staat nog iets; stuur één JSON-waarde.", EN: "Something follows the JSON; send one JSON value."},
		"duplicate":  {NL: "Dit staat er meer dan één keer.", EN: "This stands there more than once."},
		"depth":      {NL: "De JSON is te diep genest; hooguit 64 lagen.", EN: "The JSON is nested too deeply; at most 64 levels."},
		"utf-8":      {NL: "De tekst is geen geldige UTF-8.", EN: "The text is not valid UTF-8."},
		"text":       {NL: "De tekst bevat een teken dat niet mag, zoals NUL.", EN: "The text holds a character that is not allowed, such as NUL."},
		"syntax":     {NL: "De query is niet goed gecodeerd.", EN: "The query is not encoded well."},
		"incomplete": {NL: "Het verzoek kwam niet volledig aan.", EN: "The request did not arrive completely."},
		"unexpected": {NL: "Dit verzoek mag geen inhoud hebben.", EN: "This request may not have a body."},
		"unknown":    {NL: "Dit veld bestaat hier niet.", EN: "This field does not exist here."},
		"required":   {NL: "Dit is verplicht.", EN: "This is required."},
		"empty":      {NL: "Dit mag niet leeg zijn.", EN: "This may not be empty."},
		"nullable":   {NL: "Dit mag niet null zijn.", EN: "This may not be null."},
		"readonly":   {NL: "Dit veld is alleen te lezen.", EN: "This field can only be read."},
		"integer":    {NL: "Schrijf een geheel getal, zonder plus of nullen ervoor.", EN: "Write a whole number, without a plus or leading zeros."},
		"number":     {NL: "Schrijf een getal met een punt voor decimalen.", EN: "Write a number with a point for decimals."},
		"boolean":    {NL: "Schrijf true of false.", EN: "Write true or false."},
		"uuid":       {NL: "Dit is geen UUID.", EN: "This is not a UUID."},
		"date":       {NL: "Dit is geen bestaande datum; schrijf jjjj-mm-dd.", EN: "This is not a date that exists; write yyyy-mm-dd."},
		"date-time":  {NL: "Dit is geen tijdstip; schrijf zoals 2026-11-24T09:30:00Z.", EN: "This is not a date and time; write it like 2026-11-24T09:30:00Z."},
		"email":      {NL: "Dit is geen e-mailadres.", EN: "This is not an e-mail address."},
		"uri":        {NL: "Dit is geen volledig internetadres.", EN: "This is not a complete address (URI)."},
		"format":     {NL: "Dit is niet in de vorm die het contract vraagt.", EN: "This is not in the form that the contract asks for."},
		"key":        {NL: "Geef 8 tot 255 leesbare tekens zonder spaties.", EN: "Give 8 to 255 printable characters without spaces."},
		"choice":     {NL: "Dit past bij geen van de vormen die het contract kent.", EN: "This fits none of the forms that the contract knows."},
	}
}

// boundTexts are the codes of what is outside a bound of the contract; %v is the bound.
func boundTexts() map[string]language.Text {
	return map[string]language.Text{
		"type":          {NL: "Dit heeft het verkeerde type; verwacht: %v.", EN: "This has the wrong type; expected: %v."},
		"enum":          {NL: "Kies een van: %v.", EN: "Choose one of: %v."},
		"pattern":       {NL: "Dit past niet bij het patroon %v.", EN: "This does not match the pattern %v."},
		"too-short":     {NL: "Dit is te kort; ten minste %v tekens.", EN: "This is too short; at least %v characters."},
		"too-long":      {NL: "Dit is te lang; hooguit %v tekens.", EN: "This is too long; at most %v characters."},
		"too-few":       {NL: "Dit zijn er te weinig; ten minste %v.", EN: "These are too few; at least %v."},
		"too-many":      {NL: "Dit zijn er te veel; hooguit %v.", EN: "These are too many; at most %v."},
		"too-low":       {NL: "Dit is te laag; ten minste %v.", EN: "This is too low; at least %v."},
		"too-high":      {NL: "Dit is te hoog; hooguit %v.", EN: "This is too high; at most %v."},
		"uniqueitems":   {NL: "Dezelfde waarde staat er meer dan één keer.", EN: "The same value stands there more than once."},
		"minproperties": {NL: "Geef ten minste één veld.", EN: "Give at least one field."},
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
