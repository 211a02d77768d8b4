// Six tests: three pass (one of them after a retry), one fails, one breaks, one is pending.
const assert = require("node:assert");
const allure = require("allure-js-commons");

describe("Shop", () => {
  describe("Basket", () => {
    beforeEach("takes a basket", async () => { await allure.step("take a basket", async () => {}); });
    afterEach("puts it back", () => {});
    it("adds up", async () => {
      await allure.severity("critical");
      await allure.owner("alice");
      await allure.tags("smoke", "fast");
      await allure.issue("SHOP-7", "https://tracker.example.com/SHOP-7");
      await allure.parameter("currency", "EUR");
      await allure.step("put in an apple", async (step) => {
        await step.parameter("price", "3");
        await allure.attachment("receipt", "3\n", "text/plain");
      });
      assert.equal(3 + 4, 7);
    });
    it("gives a discount", async () => {
      await allure.step("pay", async () => { assert.equal(10 * 0.9, 8); });
    });
    it("is sent by drone");
  });
  let tries = 0;
  it("sends mail", function () { this.retries(2); tries += 1; assert.equal(tries, 2, "the mail server was busy"); });
  it("asks the warehouse", () => { throw new TypeError("no answer"); });
  it("prints a label", async () => { await allure.epic("Paper"); await allure.feature("Labels"); });
});
