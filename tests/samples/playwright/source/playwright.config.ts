import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  testMatch: 'cart.spec.ts',
  retries: 1,
  workers: 1,
  metadata: { team: 'checkout' },
  projects: [{ name: 'desktop' }, { name: 'mobile' }],
  captureGitInfo: { commit: true },
  reporter: [['json', { outputFile: 'playwright.json' }], ['html', { open: 'never' }], ['blob', { outputFile: 'blob.zip' }]],
});
