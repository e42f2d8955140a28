package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	pdf  = "application/pdf"
	png  = "image/png"
	jpeg = "image/jpeg"
	text = "text/plain"
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	odt  = "application/vnd.oasis.opendocument.text"
)

// extension is how the name of a file of this type ends.
func extension(mediaType string) string {
	return map[string]string{pdf: ".pdf", png: ".png", jpeg: ".jpg", text: ".txt", docx: ".docx", odt: ".odt"}[mediaType]
}

const (
	headSize = 512     // what net/http looks at
	tailSize = 1 << 20 // in which the directory of a zip has to be
)

// onlooker watches content pass and tells in the end what it is. It keeps the first bytes and the last.
type onlooker struct {
	size    int64
	head    []byte
	tail    []byte
	half    []byte // the begin of a rune of which the rest comes with the next write
	garbled bool   // no plain text in UTF-8
}

// Write implements io.Writer; it never fails.
func (o *onlooker) Write(p []byte) (int, error) {
	o.size += int64(len(p))
	o.head = append(o.head, p[:min(len(p), headSize-len(o.head))]...)
	if o.tail = append(o.tail, p...); len(o.tail) > 2*tailSize {
		o.tail = append(o.tail[:0], o.tail[len(o.tail)-tailSize:]...)
	}
	o.read(p)
	return len(p), nil
}

// read looks whether it is text.
func (o *onlooker) read(p []byte) {
	if o.garbled {
		return
	}
	o.half = append(o.half, p...)
	rest := o.half
	for len(rest) > 0 && utf8.FullRune(rest) {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 || unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) {
			o.garbled, o.half = true, nil
			return
		}
		rest = rest[n:]
	}
	o.half = append(o.half[:0], rest...)
}

// mediaType is the type of what passed. It fails with problem.UnsupportedMedia for what is not one of the six.
func (o *onlooker) mediaType() (string, error) {
	found, _, _ := strings.Cut(http.DetectContentType(o.head), ";")
	switch found {
	case pdf, png, jpeg:
		return found, nil
	case text:
		if !o.garbled && len(o.half) == 0 {
			return text, nil
		}
	case "application/zip":
		if office := o.office(); office != "" {
			return office, nil
		}
	}
	return "", problem.Errorf(problem.UnsupportedMedia,
		"This is not a PDF, PNG, JPEG, plain text in UTF-8, or Word (docx) or OpenDocument text (odt) without macros; send it as one of these.")
}

// office is which kind of text a zip is by its parts; empty for another zip, and for one with macros.
func (o *onlooker) office() string {
	directory, err := zip.NewReader(o, o.size)
	if err != nil {
		return ""
	}
	names := make([]string, len(directory.File))
	for i, f := range directory.File {
		names[i] = f.Name
	}
	macros := func(name string) bool {
		return strings.HasSuffix(name, "vbaProject.bin") || strings.HasPrefix(name, "Basic/") || strings.HasPrefix(name, "Scripts/")
	}
	switch {
	case slices.ContainsFunc(names, macros):
		return ""
	case slices.Contains(names, "[Content_Types].xml") && slices.Contains(names, "word/document.xml"):
		return docx
	case slices.Contains(names, "content.xml") && bytes.Contains(o.head, []byte("mimetype"+odt+"PK")): // its first part, not compressed
		return odt
	}
	return ""
}

// ReadAt implements io.ReaderAt for the end of what passed; before that it fails.
func (o *onlooker) ReadAt(p []byte, at int64) (int, error) {
	start := o.size - int64(len(o.tail))
	if at < start {
		return 0, errors.New("the directory of the zip is too large")
	}
	n := copy(p, o.tail[min(at-start, int64(len(o.tail))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
