// Its global set-up fails, so that none of the 11 tests is run.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  testMatch: 'cart.spec.ts',
  globalSetup: './setup.ts',
  reporter: [['json', { outputFile: 'setup.json' }]],
});
