// Package doc has no tests.
package doc
