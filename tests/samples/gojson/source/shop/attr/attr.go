// Package attr is of Go 1.25 and later.
package attr
