package main

import (
	"context"
	"slices"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// supply adds an item, observed yesterday.
func (s *story) supply(ctx context.Context, by string, d client.Dossier, n client.NewItem) client.Item {
	return newly[client.Item](s, "%s levert (%s): %s", who(by), s.word("information-categories", n.Category), n.Text)(s.as(by).AddItem(ctx, d.Id, nil, today(n)))
}

// shown asks that some see an item, in the list and by its id, and that others do not.
func (s *story) shown(ctx context.Context, item client.Item, to, hidden []string) {
	for _, short := range slices.Concat(to, hidden) {
		s.fails(s.checkOne(ctx, item, short, slices.Contains(to, short)))
	}
	s.see("%q: zichtbaar voor %s", item.Text, whom(to))
	if len(hidden) > 0 {
		s.see("  en verborgen (404, niet in de lijst) voor %s", whom(hidden))
	}
}

// checkOne holds one item for one reader, who knows the dossier, against what must be.
func (s *story) checkOne(ctx context.Context, item client.Item, short string, sees bool) error {
	list, err := got[client.ItemList](s.as(short).ListItems(ctx, item.DossierId, nil))
	if err != nil {
		return err
	}
	if listed := slices.ContainsFunc(list.Items, func(i client.Item) bool { return i.Id == item.Id }); listed != sees {
		return differs("%q (%s) in the list of %s: %t; it should be %t", item.Text, item.Category, short, listed, sees)
	}
	answer, err := s.as(short).GetItem(ctx, item.DossierId, item.Id)
	if sees {
		_, err = got[client.Item](answer, err)
	} else {
		_, err = refusal(problem.NotFound, answer, err)
	}
	return err
}
