// Does not build: 1 broken result.
package prices

import "testing"

func TestPrices(t *testing.T) {
	prices.Load()
}
