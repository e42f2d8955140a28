package main

import (
	"bytes"
	"fmt"

	"gopkg.in/yaml.v3"
)

// parse reads a fragment with the anchors of shared at hand, and writes every alias and merge key
// out. Line numbers in its errors count from the top of the fragment.
func parse(shared, text []byte) (*yaml.Node, error) {
	var both bytes.Buffer
	for _, part := range [][]byte{shared, text} {
		both.WriteString("-\n")
		for line := range bytes.Lines(part) {
			both.WriteString("  ")
			both.Write(line)
		}
	}
	before := bytes.Count(shared, []byte("\n")) + 2
	var document yaml.Node
	if err := yaml.Unmarshal(both.Bytes(), &document); err != nil {
		return nil, fmt.Errorf("%w (minus %d)", err, before)
	}
	fragment := document.Content[0].Content[1]
	if fragment.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("a fragment is a mapping")
	}
	return resolver{before: before}.resolve(fragment)
}

// resolver writes aliases and merge keys out; before is the number of lines above the fragment.
type resolver struct{ before int }

func (r resolver) resolve(node *yaml.Node) (*yaml.Node, error) {
	if node.Kind == yaml.AliasNode {
		return r.resolve(node.Alias)
	}
	out := &yaml.Node{Kind: node.Kind, Tag: node.Tag, Value: node.Value, Style: node.Style &^ (yaml.FlowStyle | yaml.TaggedStyle)}
	if node.Kind == yaml.MappingNode {
		return r.mapping(node, out)
	}
	if node.Kind == yaml.SequenceNode && scalars(node) {
		out.Style |= yaml.FlowStyle
	}
	for _, child := range node.Content {
		resolved, err := r.resolve(child)
		if err != nil {
			return nil, err
		}
		out.Content = append(out.Content, resolved)
	}
	return out, nil
}

// mapping resolves a mapping into out: its own keys win from those that it merges, and no key of its
// own is there twice.
func (r resolver) mapping(node, out *yaml.Node) (*yaml.Node, error) {
	own := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if own[key.Value] {
			return nil, fmt.Errorf("line %d: key %q is there twice", key.Line-r.before, key.Value)
		}
		own[key.Value] = true
	}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		value, err := r.resolve(node.Content[i+1])
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" && value.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: << takes one mapping", key.Line-r.before)
		}
		if key.Tag == "!!merge" {
			mergeInto(out, value, own)
			continue
		}
		out.Content = append(out.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: key.Tag, Value: key.Value, Style: key.Style}, value)
	}
	return out, nil
}

// mergeInto adds the keys of base to out, but for those that the mapping has itself.
func mergeInto(out, base *yaml.Node, own map[string]bool) {
	for i := 0; i < len(base.Content); i += 2 {
		if !own[base.Content[i].Value] && lookup(out, base.Content[i].Value) == nil {
			out.Content = append(out.Content, base.Content[i], base.Content[i+1])
		}
	}
}

func scalars(sequence *yaml.Node) bool {
	for _, child := range sequence.Content {
		if child.Kind != yaml.ScalarNode {
			return false
		}
	}
	return true
}
