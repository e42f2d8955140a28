package main

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// section is a key of the document, and how deep its maps are joined: a path and its methods, a
// component section and its names. Depth 0 may be given once only.
type section struct {
	name  string
	depth int
}

// sections are those of the document, in their order.
func sections() []section {
	return []section{
		{"openapi", 0}, {"info", 0}, {"servers", 0}, {"security", 0}, {"tags", 0}, {"paths", 2}, {"components", 2},
	}
}

// contract is the document in the making.
type contract struct {
	parts map[string]*yaml.Node
	tags  map[string]bool
}

func newContract() *contract {
	return &contract{parts: map[string]*yaml.Node{}, tags: map[string]bool{}}
}

// add joins one fragment to the document; shared is the text whose anchors it may use. It fails on
// anything that was there already.
func (c *contract) add(name string, shared, text []byte) error {
	fragment, err := parse(shared, text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i := 0; i < len(fragment.Content); i += 2 {
		key, value := fragment.Content[i].Value, fragment.Content[i+1]
		if strings.HasPrefix(key, "x-") {
			continue
		}
		if err := c.join(key, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (c *contract) join(key string, value *yaml.Node) error {
	if key == "tags" {
		return c.joinTags(value)
	}
	for _, section := range sections() {
		if section.name != key {
			continue
		}
		if c.parts[key] == nil {
			c.parts[key] = value
			return nil
		}
		return join(c.parts[key], value, section.depth, key)
	}
	return fmt.Errorf("%q is not a section of the contract", key)
}

func (c *contract) joinTags(list *yaml.Node) error {
	for _, tag := range list.Content {
		name := lookup(tag, "name").Value
		if c.tags[name] {
			return fmt.Errorf("tag %q is there already", name)
		}
		c.tags[name] = true
	}
	if c.parts["tags"] == nil {
		c.parts["tags"] = list
		return nil
	}
	c.parts["tags"].Content = append(c.parts["tags"].Content, list.Content...)
	return nil
}

// join adds the keys of from to into; keys that both have are joined as long as depth lasts.
func join(into, from *yaml.Node, depth int, where string) error {
	if depth == 0 {
		return fmt.Errorf("%s is there already", where)
	}
	for i := 0; i < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		there := lookup(into, key.Value)
		if there == nil {
			into.Content = append(into.Content, key, value)
			continue
		}
		if err := join(there, value, depth-1, where+" "+key.Value); err != nil {
			return err
		}
	}
	return nil
}

func (c *contract) root() *yaml.Node {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, section := range sections() {
		if part := c.parts[section.name]; part != nil {
			root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: section.name}, part)
		}
	}
	return root
}

// lookup is the value of a key in a mapping, nil when it has none.
func lookup(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}
