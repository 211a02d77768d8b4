// 9 tests: 5 pass, 2 fail, 1 is skipped, 1 is disabled (not run, counted as skipped).
#include <gtest/gtest.h>

#include <stdexcept>

static int Round(double weight) { return static_cast<int>(weight + 0.5); }

TEST(Scale, RoundsUp) { EXPECT_EQ(Round(1.5), 2); }
TEST(Scale, RoundsDown) {
  RecordProperty("tared", "yes");
  EXPECT_EQ(Round(1.4), 1);
}
TEST(Scale, KnowsNegativeWeights) {
  EXPECT_EQ(Round(-1.5), -2) << "below zero";
  EXPECT_EQ(Round(-2.5), -3);
}
TEST(Scale, PrintsALabel) { GTEST_SKIP() << "no printer here"; }
TEST(Scale, DISABLED_SpeaksBluetooth) { FAIL(); }
TEST(Drawer, Opens) { throw std::runtime_error("the drawer is stuck"); }

class Currency : public ::testing::TestWithParam<const char*> {};
TEST_P(Currency, HasThreeLetters) { EXPECT_EQ(std::string(GetParam()).size(), 3u); }
INSTANTIATE_TEST_SUITE_P(Europe, Currency, ::testing::Values("EUR", "CHF", "SEK"));
int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
