// 5 tests run: 3 pass, 2 fail (1 of them twice). 1 is not active, and 1 suite cannot be set up, so its test does not run.
// As a report 6 results: the suite that cannot be set up is broken, what did not run is not listed.
#include <CUnit/Automated.h>
#include <CUnit/CUnit.h>

static int total(int price, int pieces) { return price * pieces; }

static void starts_empty(void) { CU_ASSERT_EQUAL(total(0, 0), 0); }
static void adds_up_its_lines(void) { CU_ASSERT_EQUAL(total(5, 2), 10); }
static void takes_a_coupon(void) {
  CU_ASSERT_EQUAL(total(5, 2), 9);
  CU_ASSERT_TRUE(total(5, 2) < 10);
}
static void is_wrapped_as_a_gift(void) { CU_FAIL("no paper until December"); }
static void prints(void) { CU_PASS("printed"); }
static int no_database(void) { return 1; }

static int run(const char *name) {
  CU_set_output_filename(name);
  CU_automated_run_tests();
  CU_cleanup_registry();
  return 0;
}

int main(int count, char **words) {
  CU_initialize_registry();
  CU_pSuite cart = CU_add_suite("Cart", NULL, NULL);
  CU_add_test(cart, "starts empty", starts_empty);
  CU_add_test(cart, "adds up its lines", adds_up_its_lines);
  if (count > 2) return run(words[1]);
  CU_add_test(cart, "takes a coupon", takes_a_coupon);
  CU_add_test(cart, "is wrapped as a gift", is_wrapped_as_a_gift);
  CU_pSuite till = CU_add_suite("Till", NULL, NULL);
  CU_add_test(till, "prints", prints);
  CU_set_test_active(CU_add_test(till, "opens", prints), CU_FALSE);
  CU_pSuite warehouse = CU_add_suite("Warehouse", no_database, NULL);
  CU_add_test(warehouse, "counts its books", prints);
  return run(words[1]);
}
