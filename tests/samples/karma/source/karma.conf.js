process.env.CHROME_BIN ||= '/usr/bin/chromium';

module.exports = (config) =>
  config.set({
    frameworks: ['jasmine'],
    files: [process.env.SPEC || 'spec/*.spec.js'],
    browsers: ['Headless'],
    customLaunchers: { Headless: { base: 'ChromeHeadless', flags: ['--no-sandbox'] } },
    client: { jasmine: { random: false } },
    reporters: ['json'],
    jsonReporter: { stdout: false, outputFile: process.env.OUT || 'karma.json' },
    singleRun: true,
  });
