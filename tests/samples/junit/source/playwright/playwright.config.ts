import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  retries: 1,
  workers: 1,
  projects: [{ name: 'desktop' }],
  reporter: [
    ['junit', { outputFile: 'playwright.xml', includeRetries: true }],
    ['playwright-ctrf-json-reporter', { outputFile: 'playwright.json', outputDir: '.' }],
  ],
});
