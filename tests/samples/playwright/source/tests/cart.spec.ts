// 11 tests in each of two projects: 4 pass, 1 more at its second try, 1 fails as it is expected to, 1 has two wrong
// totals, 1 meets an error, 1 takes too long, 1 is skipped and 1 is to be fixed.
import { test, expect } from '@playwright/test';

test.describe('cart', () => {
  test.describe('totals', { tag: '@money' }, () => {
    test('adds up', { annotation: { type: 'issue', description: 'https://shop.example/SHOP-7' } }, async () => {
      console.log('three items');
      console.error('no voucher');
      expect(7 + 3).toBe(10);
    });

    for (const [price, total] of [[10, 12], [5, 6]])
      test(`adds ${price} and taxes`, async () => expect(price * 1.2).toBe(total));

    test('rounds', async () => {
      expect.soft(1.005, 'to the cent').toBe(1.01);
      await test.step('with a discount', async () => {
        await test.step('of ten per cent', async () => expect(0.9 * 3).toBeCloseTo(2.7));
        await test.step('and of a third', async () => expect(2 / 3).toBe(0.67));
      });
    });
  });

  test('is found again', async () => {
    expect(test.info().retry, 'the warehouse answers slowly').toBe(1);
  });

  test('is stored', async () => {
    await test.info().attach('cart', { body: '{"items": 3}', contentType: 'application/json' });
    throw new TypeError('the shelf is gone');
  });

  test('is delivered at once', async () => {
    test.setTimeout(200);
    await new Promise(() => {});
  });

  test('knows no limit', async () => {
    test.fail(true, 'there is one, of 99');
    expect(99).toBeGreaterThan(100);
  });

  test.skip('is sent by drone', async () => {});
  test('is wrapped', async () => test.fixme(true, 'no paper'));
});

test('an order has a number', async () => expect('A-1').toMatch(/^A-\d+$/));
