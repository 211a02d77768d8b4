// 8 tests: 3 pass (1 of them at its third try), 2 fail (1 of them at every of its 2 tries), 2 break, 1 is pending; and a hook
// breaks, for which 1 more is never run.
const assert = require('node:assert');

let tries = 0;

describe('cart', () => {
  it('adds up', () => assert.equal(3 + 4, 7));
  it('is wrapped');

  describe('discounts', () => {
    it('rounds', () => assert.strictEqual(1.005, 1.01));

    it('is found at last', function () {
      this.retries(2);
      assert.equal(++tries, 3);
    });

    it('is never found', function () {
      this.retries(1);
      assert.ok(false, 'no such voucher');
    });
  });

  it('meets an error', () => null.price);

  it('takes too long', function (done) {
    this.timeout(20);
  });

  describe('delivery', () => {
    beforeEach('call the courier', () => {
      throw new Error('nobody answers');
    });

    it('is quick', () => {});
  });
});

it('an order has a number', () => assert.match('A-1', /^A-\d+$/));
