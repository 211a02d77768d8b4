// 5 tests: 2 pass, 2 fail, 1 is pending (the reporter leaves pending tests out of its cases).
const assert = require('node:assert');

describe('Wish list', () => {
  it('starts empty', () => assert.deepStrictEqual([], []));
  it('holds ten', () => assert.strictEqual(Array(10).length, 10));
  it('refuses the eleventh', () => assert.strictEqual(Array(11).length, 10));
  it('is shared by link');
  describe('when offline', () => {
    it('waits', () => { throw new Error('ENOTFOUND wishlist.shop.example'); });
  });
});
