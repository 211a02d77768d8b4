import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  testMatch: 'page.spec.ts',
  repeatEach: 2,
  workers: 1,
  use: { screenshot: 'only-on-failure', trace: 'retain-on-failure', launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] } },
  reporter: [['json', { outputFile: 'browser.json' }]],
});
