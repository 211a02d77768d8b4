// 5 tests: 2 pass, 1 fails, 1 meets an error, 1 is skipped.
describe('cart', () => {
  it('adds up', () => expect(3 + 4).toBe(7));

  describe('page', () => {
    it('has a title', async () => {
      await browser.url('data:text/html,<title>Shop</title><h1>3 apples</h1>');
      expect(await browser.getTitle()).toBe('Shop');
    });

    it('rounds', async () => expect(1.005).toBe(1.01));
  });

  it('meets an error', () => null.price);
  it.skip('is sent by drone', () => {});
});
