// 5 tests: 2 pass; 1 panics, which breaks its parent, too; 1 is still waiting then, so that nobody knows.
package search

import "testing"

func TestFinds(t *testing.T) {}

func TestLater(t *testing.T) { t.Parallel() }

func TestCrashes(t *testing.T) {
	t.Run("before", func(t *testing.T) {})
	t.Run("in the middle", func(t *testing.T) {
		var shelf map[string]int
		shelf["emma"] = 1
	})
}
