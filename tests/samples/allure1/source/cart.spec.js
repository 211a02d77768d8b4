// Six tests: three pass (one of them after a retry, of which the reporter writes the last try alone), one fails,
// one breaks, one is pending.
/* global allure */
const assert = require("assert");

describe("Cart", function () {
  it("adds up", function () {
    allure.severity("critical");
    allure.feature("Basket");
    allure.story("Totals");
    allure.addArgument("currency", "EUR");
    allure.addEnvironment("browser", "none");
    allure.description("The total is the sum of the lines.");
    allure.createStep("put in an apple", () => { allure.createAttachment("receipt", "3\n", "text/plain"); })();
    assert.strictEqual(3 + 4, 7);
  });
  it("gives a discount", function () {
    allure.createStep("pay", () => assert.strictEqual(10 * 0.9, 8))();
  });
  it("is sent by drone");
  describe("Stock", function () {
    it("asks the warehouse", function () { throw new TypeError("no answer"); });
    it("counts pears", function () {});
  });
  let tries = 0;
  it("sends mail", function () { this.retries(2); tries += 1; assert.strictEqual(tries, 2, "the mail server was busy"); });
});
