// 11 tests with those of StockTest: 6 pass, 2 fail or break, 2 are skipped (1 disabled, 1 by an assumption) and 1 is a class that breaks before its test.
package com.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CartTest {
    @Test @Tag("fast") @Tag("smoke")
    void addsUp(TestReporter reporter) {
        reporter.publishEntry("currency", "EUR");
        System.out.println("3 + 4 = 7");
        assertEquals(7, 3 + 4);
    }

    @Test @DisplayName("A voucher lowers the price")
    void voucher() { assertEquals(8, 10 - 1, "the voucher is worth two"); }

    @Test
    void asksTheWarehouse() { throw new IllegalStateException("no answer"); }

    @Test @Disabled("no printer here")
    void printsALabel() {}

    @Test
    void onHolidays() { assumeTrue(false, "it is no holiday"); }

    @ParameterizedTest @CsvSource({"1, 3", "2, 6"})
    void price(int amount, int price) { assertEquals(price, 3 * amount); }

    @Nested
    class WhenEmpty {
        @Test
        void costsNothing() {}
    }

    @Nested @DisplayName("When the shop is closed")
    class WhenClosed {
        @BeforeAll
        static void lock() { throw new UnsupportedOperationException("no key"); }

        @Test
        void sellsNothing() {}
    }
}
