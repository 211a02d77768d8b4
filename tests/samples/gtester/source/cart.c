// 7 tests: 3 pass, 2 fail (1 as it is incomplete), 1 is broken by a fatal message, 1 is skipped. The failed assertion
// and the fatal message end the program, so gtester -k starts it three times.
#include <glib.h>

static int total(int price, int pieces) { return price * pieces; }

static void starts_empty(void) { g_assert_cmpint(total(0, 0), ==, 0); }
static void adds_up_its_lines(void) {
  g_test_message("two of five");
  g_test_bug("42");
  g_assert_cmpint(total(5, 2), ==, 10);
}
static void takes_a_coupon(void) { g_assert_cmpint(total(5, 2), ==, 9); }
static void is_wrapped_as_a_gift(void) { g_test_skip("no paper until December"); }
static void is_sent_by_drone(void) { g_test_incomplete("drones may not fly here"); }
static void counts_its_books(void) {
  g_test_message("asking the warehouse");
  g_error("the warehouse does not answer");
}
static void is_quick(void) { g_test_minimized_result(0.25, "seconds a search: %g", 0.25); }

int main(int count, char **words) {
  g_test_init(&count, &words, NULL);
  g_test_bug_base("https://shop.example/bugs/");
  g_test_add_func("/cart/starts-empty", starts_empty);
  g_test_add_func("/cart/adds-up-its-lines", adds_up_its_lines);
  g_test_add_func("/cart/takes-a-coupon", takes_a_coupon);
  g_test_add_func("/cart/is-wrapped-as-a-gift", is_wrapped_as_a_gift);
  g_test_add_func("/cart/is-sent-by-drone", is_sent_by_drone);
  g_test_add_func("/warehouse/counts-its-books", counts_its_books);
  g_test_add_func("/search/is-quick", is_quick);
  return g_test_run();
}
