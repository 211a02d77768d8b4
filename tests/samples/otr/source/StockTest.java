// Two tests that pass.
package com.shop;

import org.junit.jupiter.api.RepeatedTest;

class StockTest {
    @RepeatedTest(2)
    void counts() {}
}
