// A file that cannot be read; no test.
describe('search', () => {
