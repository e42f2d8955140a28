package server

import (
	"errors"
	"net/mail"
	"net/url"
	"regexp"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

var (
	uuidForm     = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	dateForm     = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	dateTimeForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)
	errForm      = errors.New("not in this format")
)

// formats are the formats as we mean them, where kin-openapi checks less or nothing.
func formats() openapi3.SchemaValidationOption {
	return openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"uuid":      openapi3.NewCallbackValidator(isUUID),
		"date":      openapi3.NewCallbackValidator(isDate),
		"date-time": openapi3.NewCallbackValidator(isDateTime),
		"email":     openapi3.NewCallbackValidator(isEmail),
		"uri":       openapi3.NewCallbackValidator(isURI),
	})
}

func isUUID(text string) error {
	if !uuidForm.MatchString(text) {
		return errForm
	}
	return nil
}

// isDate takes days that exist, from the year 1: PostgreSQL has no year 0.
func isDate(text string) error {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || !dateForm.MatchString(text) || day.Year() < 1 {
		return errForm
	}
	return nil
}

// isDateTime takes RFC 3339 with any real offset; "-00:00" says that the offset is not known.
func isDateTime(text string) error {
	if !dateTimeForm.MatchString(text) || text[len(text)-6:] == "-00:00" {
		return errForm
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.UTC().Year() < 1 || at.UTC().Year() > 9999 {
		return errForm
	}
	return nil
}

func isEmail(text string) error {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text {
		return errForm
	}
	return nil
}

func isURI(text string) error {
	address, err := url.Parse(text)
	if err != nil || !address.IsAbs() {
		return errForm
	}
	return nil
}
