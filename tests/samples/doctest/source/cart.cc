// 9 tests: 4 pass (1 of them as it fails, which is expected; 1 may fail), 3 fail, 1 is broken by an exception, 1 is skipped.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

static int Total(int price, int pieces) { return price * pieces; }

TEST_SUITE("cart") {
  TEST_CASE("starts empty" * doctest::description("before anybody buys")) { REQUIRE(Total(0, 0) == 0); }

  TEST_CASE("takes a coupon") {
    INFO("the coupon is SUMMER");
    CHECK(Total(5, 2) == 9);
    CHECK_MESSAGE(Total(5, 2) < 10, "for 8 € at most");
  }

  TEST_CASE("is wrapped as a gift" * doctest::should_fail()) { REQUIRE(Total(2, 2) == 5); }
  TEST_CASE("is sent by drone" * doctest::may_fail()) { CHECK(Total(2, 2) == 5); }
  TEST_CASE("is insured" * doctest::skip()) { FAIL("there is no insurance"); }
}

TEST_CASE("the warehouse counts its books") { throw std::runtime_error("the warehouse does not answer"); }

TEST_CASE("an invoice is printed") {
  MESSAGE("paper is running low");
  FAIL_CHECK("the printer is off");
}

SCENARIO("books are returned") {
  GIVEN("two books in an order") {
    std::vector<int> books{1, 2};
    WHEN("one is sent back") {
      books.pop_back();
      THEN("one is left") { REQUIRE(books.size() == 1); }
    }
    WHEN("none is sent back") {
      THEN("there are three") { CHECK(books.size() == 3); }
    }
  }
}

TEST_CASE_TEMPLATE("a price is doubled", T, int) { CHECK(T(2) * 2 == T(4)); }
