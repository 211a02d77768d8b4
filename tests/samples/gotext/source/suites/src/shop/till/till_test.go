// 8 gocheck tests: 2 pass, 2 fail (one of them is a suite's set-up), 1 panics, 1 fails as expected, which passes,
// 1 is skipped; 1 is missed as its set-up failed, which is skipped, too.
package till

import (
	"testing"

	. "gopkg.in/check.v1"
)

func Test(t *testing.T) { TestingT(t) }

type Till struct{}
type Safe struct{}

var _ = Suite(&Till{})
var _ = Suite(&Safe{})

func (s *Till) TestOpens(c *C) {}

func (s *Till) TestCounts(c *C) {
	c.Log("coins")
	c.Assert(2, Equals, 3)
}

func (s *Till) TestBreaks(c *C) {
	var drawer map[string]int
	drawer["pence"] = 1
}

func (s *Till) TestIsKnown(c *C) {
	c.ExpectFailure("it never shut")
	c.Fail()
}

func (s *Till) TestShuts(c *C) { c.Skip("no key") }

func (s *Till) TestRings(c *C) { c.Check("ring", Matches, "r.*") }

func (s *Safe) SetUpSuite(c *C) { c.Fatal("no power") }

func (s *Safe) TestLocks(c *C) {}
