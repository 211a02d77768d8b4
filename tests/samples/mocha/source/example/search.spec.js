// 3 tests: 1 passes, 1 fails and 1 is pending.
const assert = require('node:assert');

describe('search', () => {
  it('finds apples', () => assert.ok('apples'.includes('apple')));
  it('sorts by price', () => assert.deepEqual([3, 1], [1, 3]));
  it('speaks Latin');
});
