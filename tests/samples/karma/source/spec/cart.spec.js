// 7 tests: 2 pass, 2 fail (1 in two checks), 1 meets an error, 2 are skipped.
describe('cart', () => {
  it('adds up', () => expect(3 + 4).toBe(7));

  describe('discounts', () => {
    it('rounds', () => expect(1.005).toBe(1.01));
    it('knows its limits', () => {
      expect(99).toBeGreaterThan(100);
      expect(1).withContext('at least').toBeLessThan(1);
    });
    it('adds nothing', () => expect([]).toEqual([]));
  });

  it('meets an error', () => expect(null.price).toBe(1));
  xit('is sent by drone', () => {});
  it('is wrapped', () => pending('no paper'));
});
