// Writes axe.json, a page, and pages.json, a list of two.
const { chromium } = require('@playwright/test');
const { AxeBuilder } = require('@axe-core/playwright');
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { existsSync, readFileSync } = require('node:fs');

(async () => {
  const server = createServer((request, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end(existsSync(`.${request.url}.html`) ? readFileSync(`.${request.url}.html`) : '');
  }).listen(8080);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await (await browser.newContext()).newPage();
  const found = [];
  for (const name of ['shop', 'order']) {
    await page.goto(`http://localhost:8080/${name}`);
    found.push(await new AxeBuilder({ page }).analyze());
  }
  writeFileSync('axe.json', JSON.stringify(found[0], null, 1));
  writeFileSync('pages.json', JSON.stringify(found, null, 1));
  await page.goto('http://localhost:8080/shop');
  const few = await new AxeBuilder({ page }).withRules(['image-alt', 'html-has-lang', 'color-contrast', 'document-title', 'table-fake-caption']).analyze();
  writeFileSync('example.json', JSON.stringify(few, null, 1));
  await browser.close();
  server.close();
})();
