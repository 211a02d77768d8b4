// 11 tests: 6 pass, 4 fail (the first time, with the parent of one that does), 1 is skipped. 2 benchmarks.
package cart

import (
	"fmt"
	"os"
	"testing"
)

func TestAddsUp(t *testing.T) {
	t.Log("three lines")
	if got := Total(1, 2, 3); got != 6 {
		t.Fatalf("got %d, want 6", got)
	}
}

func TestDiscount(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"none": 10, "half": 5} {
		want := want
		t.Run(name, func(t *testing.T) {
			t.Log("a cart of one line")
			if got := Total(10); got != want {
				t.Errorf("got %d,\nwant %d", got, want)
			}
		})
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	t.Run("to/the moon", func(t *testing.T) { t.Skip("no rocket today") })
	t.Run("to/town", func(t *testing.T) { fmt.Println("a van drives by") })
}

// TestFlaky fails the first time: it leaves a mark.
func TestFlaky(t *testing.T) {
	mark := os.TempDir() + "/shop-was-tried"
	if _, err := os.Stat(mark); err != nil {
		_ = os.WriteFile(mark, nil, 0o600)
		t.Fatal("the till was asleep")
	}
}

func ExampleTotal() {
	fmt.Println(Total(1, 2))
	// Output: 4
}

func FuzzTotal(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, line int) {
		if Total(line) != line {
			t.Fatal("one line is its own sum")
		}
	})
}

func BenchmarkTotal(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		Total(1, 2, 3)
	}
	b.ReportMetric(3, "lines/op")
}

func BenchmarkCarts(b *testing.B) {
	b.Run("of=3", func(b *testing.B) {
		b.SetBytes(24)
		for i := 0; i < b.N; i++ {
			Total(1, 2, 3)
		}
	})
}
