// Three tests: one passes, one fails, one is skipped, which the adapter does not write.
import { label, step } from "allure-js-commons";
import { describe, expect, it } from "vitest";

describe("Cart", () => {
  it("counts", async () => {
    await label("layer", "unit");
    await step("put in two pears", () => {});
    expect(2).toBe(2);
  });
  it.each([{ price: 3 }])("costs $price", ({ price }) => { expect(price).toBe(4); });
  it.skip("ships", () => {});
});
