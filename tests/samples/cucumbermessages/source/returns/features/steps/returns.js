const { AfterAll, Before, BeforeAll, Given, Then, When } = require('@cucumber/cucumber');

BeforeAll(async function openTheShop() {});
AfterAll(function closeTheShop() {});
Before({ name: 'greet' }, function () { this.log('Hello'); });

Given('a customer', () => {});
Given('a parcel on its way back', () => {});
When('it arrives', function () { this.link('https://parcels.example.com/7'); });
Then('the refund takes {int} days', (days) => {});
When('it is weighed', () => {});
When(/^it is w.*$/, () => {});
When('the shop is closed', () => 'skipped');
