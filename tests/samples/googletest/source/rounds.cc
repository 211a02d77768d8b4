// 2 tests for --gtest_repeat=2: Search.FindsABook passes in both rounds, Stock.IsCounted fails and then passes.
// As a report 3 results: 3 pass, 1 of them is flaky.
#include <gtest/gtest.h>

static int asked = 0;

TEST(Search, FindsABook) { std::cout << "Emma, by Jane Austen\n"; }
TEST(Stock, IsCounted) { EXPECT_GT(++asked, 1) << "the first answer takes too long"; }
