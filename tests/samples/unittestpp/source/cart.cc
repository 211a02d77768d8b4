// 6 tests: 3 pass, 2 fail (1 of them twice), 1 is broken by an exception.
#include <UnitTest++/UnitTest++.h>
#include <UnitTest++/XmlTestReporter.h>

#include <fstream>
#include <stdexcept>

static int Total(int price, int pieces) { return price * pieces; }

SUITE(Cart) {
  TEST(StartsEmpty) { CHECK_EQUAL(0, Total(0, 0)); }
  TEST(AddsUpItsLines) { CHECK_EQUAL(10, Total(5, 2)); }
  TEST(TakesACoupon) {
    CHECK_EQUAL(9, Total(5, 2));
    CHECK(Total(5, 2) < 10);
  }
}

SUITE(Warehouse) {
  TEST(CountsItsBooks) { throw std::runtime_error("the warehouse does not answer"); }
  TEST(Refuses) { CHECK_THROW(throw std::invalid_argument("nothing"), std::invalid_argument); }
}

TEST(IsWrappedAsAGift) { CHECK_CLOSE(2.5, 2.6, 0.01); }

int main(int count, char** words) {
  std::ofstream file(words[1]);
  UnitTest::XmlTestReporter reporter(file);
  UnitTest::TestRunner runner(reporter);
  return runner.RunTestsIf(UnitTest::Test::GetTestList(), count > 2 ? words[2] : NULL, UnitTest::True(), 0);
}
