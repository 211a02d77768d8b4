// 6 tests: 3 pass, 2 fail, 1 is broken by an exception.
#include <cppunit/BriefTestProgressListener.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/TestRunner.h>
#include <cppunit/XmlOutputter.h>
#include <cppunit/extensions/HelperMacros.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <fstream>
#include <stdexcept>

static int Total(int price, int pieces) { return price * pieces; }

class CartTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CartTest);
  CPPUNIT_TEST(startsEmpty);
  CPPUNIT_TEST(addsUpItsLines);
  CPPUNIT_TEST(takesACoupon);
  CPPUNIT_TEST(isWrappedAsAGift);
  CPPUNIT_TEST_SUITE_END();

 public:
  void startsEmpty() { CPPUNIT_ASSERT_EQUAL(0, Total(0, 0)); }
  void addsUpItsLines() { CPPUNIT_ASSERT_EQUAL(10, Total(5, 2)); }
  void takesACoupon() { CPPUNIT_ASSERT_EQUAL_MESSAGE("the coupon is SUMMER", 9, Total(5, 2)); }
  void isWrappedAsAGift() { CPPUNIT_FAIL("no paper until December"); }
};

class WarehouseTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(WarehouseTest);
  CPPUNIT_TEST(countsItsBooks);
  CPPUNIT_TEST_EXCEPTION(refusesNothing, std::invalid_argument);
  CPPUNIT_TEST_SUITE_END();

 public:
  void countsItsBooks() { throw std::runtime_error("the warehouse does not answer"); }
  void refusesNothing() { throw std::invalid_argument("nothing"); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CartTest);
CPPUNIT_TEST_SUITE_REGISTRATION(WarehouseTest);

int main(int count, char** words) {
  CppUnit::TestResult result;
  CppUnit::TestResultCollector collector;
  result.addListener(&collector);
  CppUnit::TestRunner runner;
  runner.addTest(CppUnit::TestFactoryRegistry::getRegistry().makeTest());
  runner.run(result, count > 2 ? words[2] : "");
  std::ofstream file(words[1]);
  CppUnit::XmlOutputter(&collector, file).write();
  return 0;
}
