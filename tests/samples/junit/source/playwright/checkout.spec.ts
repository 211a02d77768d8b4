// 6 tests: 4 pass (1 of them at the second try), 1 fails at every try, 1 is skipped.
import { test, expect } from '@playwright/test';
import { writeFileSync } from 'node:fs';

test.describe('checkout', () => {
  test('shows the total', async () => {
    console.log('total is 42');
    expect(6 * 7).toBe(42);
  });

  test('pays with card', async () => {
    expect(test.info().retry, 'the bank answers slowly').toBe(1);
  });

  test('pays with voucher', async () => {
    const path = test.info().outputPath('basket.txt');
    writeFileSync(path, 'three apples');
    await test.info().attach('basket', { path, contentType: 'text/plain' });
    await test.step('enter the code', async () => {
      expect('VOUCHER-10').toBe('VOUCHER-20');
    });
  });

  test.skip('pays with crypto', async () => {});

  test('remembers the address', { tag: '@slow', annotation: { type: 'issue', description: 'SHOP-77' } }, async () => {
    await new Promise((done) => setTimeout(done, 40));
  });
});

test('an order has a number', async () => expect('A-1').toMatch(/^A-\d+$/));
