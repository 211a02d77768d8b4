// 1 test, which fails with -race.
package race

import "testing"

func TestRaces(t *testing.T) {
	sum := 0
	done := make(chan bool)
	go func() { sum++; close(done) }()
	sum++
	<-done
}
