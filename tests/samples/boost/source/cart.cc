// 12 tests: 5 pass (1 of them as it fails, which is expected), 3 fail, 2 are broken (by an exception, by a signal),
// 2 are skipped (1 disabled, 1 as what it depends on failed).
#define BOOST_TEST_MODULE shop
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/included/unit_test.hpp>

#include <csignal>
#include <stdexcept>
#include <vector>

namespace utf = boost::unit_test;

static int Total(int price, int pieces) { return price * pieces; }

BOOST_AUTO_TEST_SUITE(cart, *utf::label("smoke") * utf::description("what is in the basket"))

BOOST_AUTO_TEST_CASE(starts_empty) { BOOST_TEST(Total(0, 0) == 0); }

BOOST_AUTO_TEST_CASE(takes_a_coupon) {
  BOOST_TEST_MESSAGE("trying SUMMER");
  BOOST_TEST_CONTEXT("the coupon is SUMMER") { BOOST_TEST(Total(5, 2) == 9); }
  BOOST_TEST_REQUIRE(Total(5, 2) < 10);
}

BOOST_AUTO_TEST_CASE(is_wrapped_as_a_gift, *utf::expected_failures(1)) { BOOST_TEST(Total(2, 2) == 5); }
BOOST_AUTO_TEST_CASE(is_sent_by_drone, *utf::disabled()) { BOOST_TEST(false); }
BOOST_AUTO_TEST_CASE(is_reduced, *utf::depends_on("cart/takes_a_coupon")) { BOOST_TEST(true); }
BOOST_AUTO_TEST_CASE(warns) { BOOST_WARN_MESSAGE(Total(2, 2) == 5, "the price is old"); BOOST_TEST(true); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(warehouse)

BOOST_AUTO_TEST_CASE(counts_its_books) {
  BOOST_TEST_CHECKPOINT("asking the warehouse");
  throw std::runtime_error("the warehouse does not answer");
}
BOOST_AUTO_TEST_CASE(prints_labels) { std::raise(SIGABRT); }
BOOST_AUTO_TEST_CASE(is_empty) { BOOST_FAIL("there are books"); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_DATA_TEST_CASE(has_three_letters, boost::unit_test::data::make({"EUR", "CHF", "Euro"}), name) {
  BOOST_TEST(std::string(name).size() == 3u);
}
