const { After, Before, Given, Then, When } = require('@cucumber/cucumber');
const { Ensure, equals } = require('@serenity-js/assertions');
const { actorCalled, Interaction, Task, TestCompromisedError } = require('@serenity-js/core');

let price = 0;
const take = (amount) => Task.where(`#actor takes a book for ${amount}`,
  Interaction.where(`#actor puts ${amount} into the cart`, () => { price += amount; }));

Before(() => { price = 0; });
Given('a book for {int}', (amount) => actorCalled('Rose').attemptsTo(take(amount)));
When('1 more book for {int} is taken', (amount) => actorCalled('Rose').attemptsTo(take(amount)));
Then('{int} are to be paid', (amount) => actorCalled('Rose').attemptsTo(Ensure.that(price, equals(amount))));
Then('it is sent', () => {});
Given('the prices are loaded', () => { throw new TypeError("Cannot read properties of undefined (reading 'price')"); });
Given('the warehouse is down', () => { throw new TestCompromisedError('The warehouse does not answer'); });
