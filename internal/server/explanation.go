package server

import (
	"slices"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// explanation is what there is to say of one kind of problem: what the answer says, and the documentation behind its type.
type explanation struct {
	Kind   problem.Kind
	Status int
	Title  language.Text
	// Advice says what it means and what the caller can do about it.
	Advice language.Text
}

// explainedByKind is every kind of problem by name.
func explainedByKind() map[problem.Kind]explanation {
	all := map[problem.Kind]explanation{}
	for _, p := range explanations() {
		all[p.Kind] = p
	}
	return all
}

// explanations is every kind of problem by status.
func explanations() []explanation {
	list := append(requestPages(), statePages()...)
	slices.SortStableFunc(list, func(a, b explanation) int { return a.Status - b.Status })
	return list
}

// requestPages are the problems that lie in the request itself.
func requestPages() []explanation {
	return []explanation{
		{problem.Invalid, 400,
			language.Text{NL: "De invoer klopt niet", EN: "The input is not valid"},
			language.Text{
				NL: "Het verzoek past niet bij het contract. In errors staat alles wat niet klopt, met de plaats, een vaste code en een uitleg.",
				EN: "The request does not fit the contract. The list errors names everything that is wrong: the place, a stable code and an explanation."}},
		{problem.Unauthenticated, 401,
			language.Text{NL: "Wij weten niet wie u bent", EN: "We do not know who you are"},
			language.Text{
				NL: "Stuur precies één geldig bearer-token in de header Authorization. Een verlopen token vernieuwt u bij de uitgever ervan.",
				EN: "Send exactly one valid bearer token in the Authorization header. Renew an expired token with the issuer that gave it."}},
		{problem.MethodNotAllowed, 405,
			language.Text{NL: "Dit kan hier niet met deze methode", EN: "This method does not work here"},
			language.Text{
				NL: "Dit adres bestaat, maar niet met deze HTTP-methode. De header Allow noemt de methodes die wel kunnen.",
				EN: "This address exists, but not with this HTTP method. The Allow header names the methods that do work."}},
		{problem.NotAcceptable, 406,
			language.Text{NL: "Dit formaat kunnen wij niet geven", EN: "We cannot answer in this format"},
			language.Text{
				NL: "Geen van de formaten in de header Accept is hier beschikbaar. Vraag application/json, of bij de stroom text/event-stream.",
				EN: "None of the formats in the Accept header is available here. Ask for application/json, or for the stream text/event-stream."}},
		{problem.TooLarge, 413,
			language.Text{NL: "Het verzoek is te groot", EN: "The request is too large"},
			language.Text{
				NL: "Een verzoek mag 1 MiB groot zijn. Stuur minder tegelijk.",
				EN: "A request may be 1 MiB large. Send less at a time."}},
		{problem.UnsupportedMedia, 415,
			language.Text{NL: "Dit formaat kunnen wij niet lezen", EN: "We cannot read this format"},
			language.Text{
				NL: "Stuur de Content-Type die het contract noemt: application/json, of bij PATCH application/merge-patch+json.",
				EN: "Send the Content-Type that the contract names: application/json, or for PATCH application/merge-patch+json."}},
		{problem.KeyReused, 422,
			language.Text{NL: "Deze Idempotency-Key is al gebruikt", EN: "This Idempotency-Key was used before"},
			language.Text{
				NL: "Met deze sleutel is in de afgelopen 24 uur een ander verzoek gedaan. Maak voor elk nieuw verzoek een nieuwe sleutel.",
				EN: "Another request was made with this key in the past 24 hours. Make a new key for every new request."}},
		{problem.MatchRequired, 428,
			language.Text{NL: "De header If-Match ontbreekt", EN: "The If-Match header is missing"},
			language.Text{
				NL: "Lees eerst wat u wilt wijzigen en stuur de ETag daarvan mee in If-Match, zodat u niemands wijziging overschrijft.",
				EN: "First read what you want to change and send its ETag in If-Match, so that you overwrite nobody's change."}},
		{problem.TooManyRequests, 429,
			language.Text{NL: "Te veel verzoeken", EN: "Too many requests"},
			language.Text{
				NL: "Wacht het aantal seconden in Retry-After. De header RateLimit zegt bij elk antwoord wat u nog over heeft.",
				EN: "Wait for the seconds in Retry-After. The RateLimit header says with every answer what you have left."}},
	}
}

// statePages are the problems that lie in rights, in the state of things, or with us.
func statePages() []explanation {
	return []explanation{
		{problem.Forbidden, 403,
			language.Text{NL: "U mag dit niet", EN: "You may not do this"},
			language.Text{
				NL: "U mag dit wel inzien, maar niet doen. In allowedOperations staat wat u hier wel mag.",
				EN: "You may read this, but not do it. The list allowedOperations says what you may do here."}},
		{problem.Shielded, 403,
			language.Text{NL: "Dit dossier is gesloten en afgeschermd", EN: "This dossier is closed and shielded"},
			language.Text{
				NL: "Een gesloten dossier is alleen nog in te zien voor wie de wet dat toestaat (artikel 2.31, achtste lid, Wgs).",
				EN: "A closed dossier may only be read by whom the law allows (section 2.31(8) of the Wgs, the Data Processing by Partnerships Act)."}},
		{problem.NotFound, 404,
			language.Text{NL: "Dit is er niet, of niet voor u", EN: "This is not there, or not for you"},
			language.Text{
				NL: "Wat niet bestaat en wat u niet mag weten, krijgt hetzelfde antwoord. Controleer het adres, of vraag de casusregisseur om toegang.",
				EN: "What does not exist and what you may not know of get the same answer. Check the address, or ask the case director for access."}},
		{problem.Conflict, 409,
			language.Text{NL: "Dit kan nu niet", EN: "This cannot be done now"},
			language.Text{
				NL: "Een regel of de stand van zaken staat dit in de weg. Lees de actuele stand en probeer het daarna opnieuw.",
				EN: "A rule or the present state is in the way. Read the present state and try again."}},
		{problem.Stale, 412,
			language.Text{NL: "Dit is intussen gewijzigd", EN: "This has changed meanwhile"},
			language.Text{
				NL: "Iemand anders was u voor. In changedFields staat wat er anders is; lees het opnieuw en breng uw wijziging daarna aan.",
				EN: "Somebody else was first. The list changedFields says what differs; read it again and then make your change."}},
		{problem.Internal, 500,
			language.Text{NL: "Er ging bij ons iets mis", EN: "Something went wrong on our side"},
			language.Text{
				NL: "Uw verzoek is niet uitgevoerd. Probeer het later nog eens; blijft het misgaan, meld dan het nummer in instance.",
				EN: "Your request was not carried out. Try again later; if it keeps failing, report the number in instance."}},
		{problem.Unavailable, 503,
			language.Text{NL: "Dit is nu niet beschikbaar", EN: "This is not available now"},
			language.Text{
				NL: "Het systeem kan dit verzoek nu niet uitvoeren. Probeer het opnieuw na het aantal seconden in Retry-After.",
				EN: "The system cannot carry out this request now. Try again after the seconds in Retry-After."}},
	}
}
