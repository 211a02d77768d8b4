// Three checks: "Home answers" passes, "Cart answers" fails 3 of 12 times, "has a price" (within the group Check out) passes.
// Three thresholds: p(95) of http_req_duration < 500 holds, rate of http_req_failed < 0.05 does not, count of http_reqs > 10 holds.
import http from "k6/http";
import { check, group } from "k6";

export const options = {
  vus: 2,
  iterations: 12,
  thresholds: {
    http_req_duration: ["p(95)<500"],
    http_req_failed: ["rate<0.05"],
    http_reqs: ["count>10"],
  },
};

export default function () {
  check(http.get("http://127.0.0.1:8089/"), { "Home answers": (r) => r.status === 200 });
  check(http.get("http://127.0.0.1:8089/cart"), { "Cart answers": (r) => r.status === 200 });
  group("Check out", () => {
    check(http.get("http://127.0.0.1:8089/slow/pay"), { "has a price": (r) => r.body.includes("Shop") });
  });
}

export function handleSummary(data) {
  return { "handle-summary.json": JSON.stringify(data, null, 2) };
}
