import { defineConfig } from '@playwright/test';

export default defineConfig({ testDir: '.', retries: 1, reporter: [['json', { outputFile: 'playwright.json' }], ['html', { open: 'never' }], ['blob', { outputFile: 'blob.zip' }]] });
