// 4 tests: 1 passes, 1 more at its second try, 1 fails and 1 is skipped.
import { test, expect } from '@playwright/test';

test.describe('search', () => {
  test('finds apples', { tag: '@smoke' }, async () => {
    await test.step('in any case', async () => expect('Apples').toMatch(/apples/i));
  });

  test('forgives typing errors', async () => {
    expect(test.info().retry).toBe(1);
  });

  test('sorts by price', async () => {
    expect([3, 1]).toEqual([1, 3]);
  });

  test.skip('speaks Latin', async () => {});
});
