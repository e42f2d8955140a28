// Package pdftext reads the text back out of a PDF that the product made, for tests.
package pdftext

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Pages are the texts of the pages of a PDF, white space as one space.
func Pages(file []byte) (pages []string) {
	stream := regexp.MustCompile(`(?s)<<([^<>]*)>>\nstream\n`)
	for _, at := range stream.FindAllSubmatchIndex(file, -1) {
		if bytes.Contains(file[at[2]:at[3]], []byte("/Length1")) { // a font
			continue
		}
		unpacked, err := zlib.NewReader(bytes.NewReader(file[at[1]:]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(unpacked)
		if err == nil && bytes.Contains(content, []byte(")Tj")) {
			pages = append(pages, text(content))
		}
	}
	return pages
}

// Of is the text of a PDF, white space as one space.
func Of(file []byte) string { return strings.Join(Pages(file), " ") }

// text is what the operator Tj shows, in the order of the content.
func text(content []byte) string {
	var all []string
	for {
		start := bytes.IndexByte(content, '(')
		if start < 0 {
			break
		}
		shown, rest := literal(content[start+1:])
		if bytes.HasPrefix(rest, []byte("Tj")) {
			all = append(all, shown)
		}
		content = rest
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// literal reads a string up to its closing parenthesis, and gives what comes after it.
func literal(content []byte) (shown string, rest []byte) {
	var units []byte
	for i := 0; i < len(content); i++ {
		switch c := content[i]; c {
		case ')':
			return decoded(units), content[i+1:]
		case '\\':
			i++
			if c = content[i]; c == 'r' {
				c = '\r'
			}
			units = append(units, c)
		default:
			units = append(units, c)
		}
	}
	return decoded(units), nil
}

// decoded is text of UTF-16, big end first.
func decoded(units []byte) string {
	var all []uint16
	for i := 0; i+1 < len(units); i += 2 {
		all = append(all, uint16(units[i])<<8|uint16(units[i+1]))
	}
	return string(utf16.Decode(all))
}
