// 7 tests: 3 pass (1 of them at its second try), 2 fail, 2 are skipped.
const total = (lines) => lines.reduce((sum, line) => sum + line.price * line.amount, 0);

jest.retryTimes(1, { logErrorsBeforeRetry: true });

describe('cart', () => {
  let tries = 0;

  describe('totals', () => {
    it.each([[1, 5], [2, 11]])('charges %i times five: %i', (amount, expected) => {
      expect(total([{ price: 5, amount }])).toBe(expected);
    });
  });
  it('keeps "quotes" & <angles>', () => {
    expect('<&>').toContain('&');
  });
  it('loads prices', async () => {
    await Promise.reject(new TypeError("Cannot read properties of undefined (reading 'price')"));
  });
  it('answers in the end', () => {
    tries += 1;
    expect(tries).toBe(2);
  });
  it.skip('is gift-wrapped', () => {});
  it.todo('is sent by drone');
});
