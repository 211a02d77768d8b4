// 2 tests, which pass.
const assert = require('node:assert');

describe('search', () => {
  it('finds apples', () => assert.ok('apples'.includes('apple')));
  it('ignores case', () => assert.match('APPLE', /apple/i));
});
