// 20 tests (a subtest is one, and so is the test above it) and 2 packages that break of themselves; 2 benchmarks.
// Each test file's first lines tell how its tests end.
module shop.example/shop

go 1.19
