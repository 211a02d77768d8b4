const assert = require('node:assert');
const { After, Before, Given, Then, When } = require('@cucumber/cucumber');

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let tries = 0;

Before(function () { this.total = 0; });
After(function ({ result }) {
  if (result.status === 'FAILED') {
    this.attach(PIXEL, { mediaType: 'base64:image/png', fileName: 'page.png' });
    this.log('the page as it was when the scenario failed');
  }
});

Given('a basket with {int} apples', function (amount) { this.total = amount * 10; });
Given('the catalogue:', function (names) { this.names = names; });
When('I pay with a {string}', function (means) { this.paid = means === 'card'; });
When('I enter the voucher {word}', function (code) {
  this.total = { SPRING10: 27, WINTER50: 15 }[code] ?? this.total;
});
When('the bank answers at the second try', function () {
  tries += 1;
  assert.strictEqual(tries, 2, `the bank did not answer at try ${tries}`);
  this.paid = true;
});
When('I pay by instalments:', (months) => 'pending');
Then('the order is placed', function () { assert.ok(this.paid, 'the payment was refused'); });
Then('the total is {int}', function (total) { assert.strictEqual(this.total, total); });
Then('{string} is found', function (name) { assert.ok(this.names.includes(name)); });
Then('{string} is found in the screenshot', function (name) { this.attach(`${name} at 12,40`, 'text/plain'); });
