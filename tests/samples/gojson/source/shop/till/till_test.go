// 1 test, which passes; then the package fails in TestMain: 1 broken result.
package till

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	m.Run()
	fmt.Println("the till is not shut")
	os.Exit(3)
}

func TestOpens(t *testing.T) {}
