exports.config = {
  runner: 'local',
  specs: ['./spec/*.js'],
  logLevel: 'error',
  capabilities: [
    {
      browserName: 'chrome',
      'goog:chromeOptions': { binary: '/usr/bin/chromium', args: ['--headless', '--no-sandbox'] },
      'wdio:chromedriverOptions': { binary: '/usr/bin/chromedriver' },
    },
  ],
  framework: 'mocha',
  reporters: [
    ['json', { outputDir: './out', outputFileFormat: ({ cid }) => `wdio-${cid}.json` }],
    ['junit', { outputDir: './out', outputFileFormat: ({ cid }) => `junit-${cid}.xml` }],
  ],
};
