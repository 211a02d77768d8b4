// 2 tests: 1 passes; 1 takes too long and is ended, with its package: broken.
package stock

import (
	"testing"
	"time"
)

func TestCounts(t *testing.T) {}

func TestCountsTheStars(t *testing.T) { time.Sleep(time.Minute) }
