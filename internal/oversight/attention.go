package oversight

import (
	"context"

	"github.com/google/uuid"
)

// Attention tells per dossier why it needs attention (agenda-reasons, which are the rules of stagnation), from what
// the caller may see; the agenda of a meeting suggests by it.
func (s *Service) Attention(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID][]string, error) {
	signs, err := s.Stagnating(ctx, dossiers)
	if err != nil {
		return nil, err
	}
	reasons := make(map[uuid.UUID][]string, len(signs))
	for id, flags := range signs {
		for _, f := range flags {
			reasons[id] = append(reasons[id], f.Rule)
		}
	}
	return reasons, nil
}
