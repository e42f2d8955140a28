package privacy

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts on disclosures of internal/kernel/authz/acts.csv.
const (
	actReadDisclosure   = "disclosure.read"
	actMakeDisclosure   = "disclosure.make"
	actAnswerDisclosure = "disclosure.answer"
)

// The kinds and states of a disclosure, and how it stands with a supplier's consent.
const (
	thirdParty = "third-party"
	aHit       = "hit"

	disclosureDraft     = "draft"
	disclosureDisclosed = "disclosed"
	disclosureWithdrawn = "withdrawn"

	consentNotNeeded = "not-needed"
	consentAsked     = "asked"
	consentGiven     = "given"
	consentRefused   = "refused"
)

// Disclosure is a disclosure of items of a dossier to a third party (Wgs 1.7, 2.31(11)), or a hit to another cooperation
// (Wgs 2.28, 1.7(8); BGS 1.10). It names items and holds no copy of them.
type Disclosure struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	DossierID         uuid.UUID `etag:"-"`
	Kind              string    `etag:"-"`
	State             string
	ReceiverPartnerID *uuid.UUID `etag:"-"`
	Organisation      string     `etag:"-"` // empty for a partner
	Function          string     `etag:"-"`
	Expertise         string     `etag:"-"`
	Ground            string     `etag:"-"`
	Necessity         string     `etag:"-"`
	AdviceReference   string
	SecrecySignedOn   *time.Time      // a date
	Items             []DisclosedItem `gorm:"serializer:json"`
	Suppliers         []uuid.UUID     `gorm:"serializer:json" etag:"-"`
	Dropped           []DroppedItems  `gorm:"serializer:json" etag:"-"`
	Feedback          []Feedback      `gorm:"serializer:json"`
	FeedbackDueOn     *time.Time      // a date; nil while nothing was disclosed
	DraftedBy         uuid.UUID       `etag:"-"`
	DraftedAt         time.Time       `etag:"-"`
	ChangedAt         time.Time       `etag:"-"`
	DisclosedAt       *time.Time
}

// DisclosedItem is an item in a disclosure, and how it stands with the consent of its supplier.
type DisclosedItem struct {
	ItemID     uuid.UUID  `json:"itemId"`
	Category   string     `json:"category"`
	SupplierID uuid.UUID  `json:"supplierId"`
	Consent    string     `json:"consent"`
	Reasons    string     `json:"reasons,omitempty"` // of a refusal
	AnsweredBy *uuid.UUID `json:"answeredBy,omitempty"`
	AnsweredAt *time.Time `json:"answeredAt,omitempty"`
}

// DroppedItems are how many items of a category were left out of a hit; Rule is of list sharing-rules.
type DroppedItems struct {
	Category string `json:"category"`
	Count    int    `json:"count"`
	Rule     string `json:"rule"`
}

// Feedback is a receiver's account of use and effect (Wgs 1.7(4)).
type Feedback struct {
	ReceivedOn time.Time `json:"receivedOn"`
	Use        string    `json:"use"`
	Effect     string    `json:"effect"`
}

// TableName implements gorm's Tabler.
func (Disclosure) TableName() string { return "disclosure" }

// Guarded implements db.Row: what is decided, is decided on the dossier.
func (d Disclosure) Guarded() uuid.UUID { return d.DossierID }

func (d Disclosure) place() page.Cursor { return page.At(d.DraftedAt, d.ID) }

// asOf is the disclosure as one of its suppliers sees it: with its own items.
func (d Disclosure) asOf(supplier uuid.UUID) Disclosure {
	d.Items = slices.DeleteFunc(slices.Clone(d.Items), func(i DisclosedItem) bool { return i.SupplierID != supplier })
	d.Dropped, d.Feedback = nil, nil
	return d
}

// take puts items in, as the law lets them go: c says it of one of each category.
func (d *Disclosure) take(items []dossier.SeenItem, own uuid.UUID, check func(dossier.SeenItem) SharingCheck) {
	for _, item := range items {
		c := check(item)
		if item.Secret && d.Kind == aHit {
			c.rule(ruleRefuses, "never-medical")
		}
		if item.Secret && item.SecretGround == nil {
			c.rule(ruleRefuses, "medical-secrecy")
		}
		if rule, refuses := c.refusal(); refuses {
			d.drop(item.Category.Slug(), rule.Code)
			continue
		}
		one := DisclosedItem{ItemID: item.ID, Category: item.Category.Slug(), SupplierID: item.SupplierID, Consent: consentNotNeeded}
		if item.SupplierID != own && d.asks(item) {
			one.Consent = consentAsked
		}
		d.Items = append(d.Items, one)
		if !slices.Contains(d.Suppliers, item.SupplierID) {
			d.Suppliers = append(d.Suppliers, item.SupplierID)
		}
	}
}

// asks tells whether the supplier of an item is asked: of special and criminal data and of what is under medical secrecy (Wgs 1.7,
// 2.31(11)), and whatever it is when a partner receives it, from whom the supplier may withhold it (Wgs 1.5). That it does is not told.
func (d *Disclosure) asks(item dossier.SeenItem) bool {
	return needsSupplier(item.Category) || item.Secret || d.ReceiverPartnerID != nil
}

func (d *Disclosure) drop(category, rule string) {
	for i := range d.Dropped {
		if d.Dropped[i].Category == category {
			d.Dropped[i].Count++
			return
		}
	}
	d.Dropped = append(d.Dropped, DroppedItems{Category: category, Count: 1, Rule: rule})
}

var errNoDraft = problem.Errorf(problem.Conflict, "It is no draft any more; nothing changes in it.")

// change completes a draft, discloses or withdraws it. It fails with problem.Conflict while something that the law asks is
// missing (Wgs 1.7, 2.31(11)), and with problem.Invalid for a day to come.
func (d *Disclosure) change(edit func(*Disclosure), now, today time.Time) error {
	if d.State != disclosureDraft {
		return errNoDraft
	}
	edit(d)
	if d.SecrecySignedOn != nil && d.SecrecySignedOn.After(today) {
		return problem.InvalidField("/secrecySignedOn", "future", "This is recorded when the receiver has signed.")
	}
	if d.State != disclosureDisclosed {
		return nil
	}
	for _, item := range d.Items {
		if item.Consent == consentAsked || item.Consent == consentRefused {
			return problem.Errorf(problem.Conflict, "Its supplier did not consent to all of it (Wgs 1.5, 1.7, 2.31(11)).")
		}
	}
	if d.Kind == thirdParty && d.SecrecySignedOn == nil {
		return problem.Errorf(problem.Conflict, "A third party signs for secrecy before anything is disclosed to it (Wgs 1.11, 2.31(11)).")
	}
	d.DisclosedAt, d.FeedbackDueOn = &now, new(today.AddDate(1, 0, 0))
	return nil
}

// answer gives or refuses the consent of a supplier for what it is asked.
func (d *Disclosure) answer(supplier, by uuid.UUID, consents bool, reasons string, now time.Time) error {
	if d.State != disclosureDraft {
		return errNoDraft
	}
	asked := false
	d.Items = slices.Clone(d.Items)
	for i := range d.Items {
		item := &d.Items[i]
		if item.SupplierID != supplier || item.Consent == consentNotNeeded {
			continue
		}
		asked = true
		item.Consent, item.Reasons, item.AnsweredBy, item.AnsweredAt = consentGiven, "", &by, &now
		if !consents {
			item.Consent, item.Reasons = consentRefused, reasons
		}
	}
	if !asked {
		return problem.Errorf(problem.Conflict, "Nothing of your organisation in it needs a consent.")
	}
	return nil
}

// report adds an account of the receiver (Wgs 1.7(4)).
func (d *Disclosure) report(f Feedback, today, disclosed time.Time) error {
	switch {
	case d.State != disclosureDisclosed:
		return problem.Errorf(problem.Conflict, "Only who received something can report what came of it.")
	case f.ReceivedOn.After(today) || f.ReceivedOn.Before(disclosed):
		return problem.InvalidField("/receivedOn", "date", "Give a day from the disclosure until today.")
	}
	d.Feedback = append(slices.Clone(d.Feedback), f)
	d.FeedbackDueOn = new(f.ReceivedOn.AddDate(1, 0, 0))
	return nil
}

// operations are what may be possible with it.
func (d Disclosure) operations() []authz.Operation {
	all := []authz.Operation{{ID: "getDisclosure", Act: actReadDisclosure}}
	switch d.State {
	case disclosureDraft:
		all = append(all, authz.Operation{ID: "updateDisclosure", Act: actMakeDisclosure}, authz.Operation{ID: "answerDisclosure", Act: actAnswerDisclosure})
	case disclosureDisclosed:
		all = append(all, authz.Operation{ID: "recordDisclosureFeedback", Act: actMakeDisclosure})
	}
	return all
}
