// 9 tests: 5 pass (3 of them rounds of a loop test), 3 fail (1 of them a round of it), 1 is broken: it crashes.
#include <check.h>
#include <signal.h>
#include <stdlib.h>

static int total(int price, int pieces) { return price * pieces; }

START_TEST(starts_empty) { ck_assert_int_eq(total(0, 0), 0); }
END_TEST

START_TEST(takes_a_coupon) { ck_assert_msg(total(5, 2) < 10, "the coupon SUMMER is worth nothing"); }
END_TEST

START_TEST(is_wrapped_as_a_gift) { ck_assert_int_eq(total(2, 2), 5); }
END_TEST

START_TEST(doubles) { ck_assert_int_ne(total(_i, 2), 4); }
END_TEST

START_TEST(counts_its_books) { abort(); }
END_TEST

START_TEST(refuses_signals) { raise(15); }
END_TEST

int main(void) {
  Suite *cart = suite_create("Cart");
  TCase *core = tcase_create("Core");
  tcase_add_test(core, starts_empty);
  tcase_add_test(core, takes_a_coupon);
  tcase_add_test(core, is_wrapped_as_a_gift);
  suite_add_tcase(cart, core);
  TCase *prices = tcase_create("Prices");
  tcase_add_loop_test(prices, doubles, 0, 4);
  suite_add_tcase(cart, prices);
  Suite *warehouse = suite_create("Warehouse");
  TCase *stock = tcase_create("Stock");
  tcase_add_test(stock, counts_its_books);
  tcase_add_test_raise_signal(stock, refuses_signals, 15);
  suite_add_tcase(warehouse, stock);
  SRunner *runner = srunner_create(cart);
  srunner_add_suite(runner, warehouse);
    srunner_run_all(runner, CK_SILENT); // CK_XML_LOG_FILE_NAME, CK_RUN_SUITE
  srunner_free(runner);
  return 0;
}
