package server

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzDecodeJSON holds the strict decoder against encoding/json: what it takes, that takes too, and
// as the same value.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,"x\u00e9",null,true,{"b":{}}]}`, `[]`, `1.0`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, "\"\xff\"", `[1] 2`, `{"":0}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		value, fault := decodeJSON(data)
		if fault != nil {
			return
		}
		var want any
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("taken, though encoding/json says: %v", err)
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("decoded as %s, %v", text, err)
		}
	})
}
