// Package cart adds up.
package cart

// Total is what the lines cost, in pence.
func Total(lines ...int) int {
	total := 0
	for _, line := range lines {
		total += line
	}
	return total
}
