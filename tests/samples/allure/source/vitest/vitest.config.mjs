export default { test: { include: ["cart.test.ts"], setupFiles: ["allure-vitest/setup"], reporters: [["allure-vitest/reporter", { resultsDir: "out" }]] } };
