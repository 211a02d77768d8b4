// 2 tests: both pass.
const assert = require('node:assert');

describe('search', () => {
  it('finds a book by its title', () => {
    assert.deepEqual(['Emma'].filter((title) => title === 'Emma'), ['Emma']);
  });
});

it('has no suite', () => {});
