//go:build go1.25

// 1 test, which passes and says who owns it.
package attr

import "testing"

func TestIsOwned(t *testing.T) {
	t.Attr("owner", "alice")
}
