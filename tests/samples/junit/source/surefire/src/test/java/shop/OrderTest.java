package shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import org.junit.Ignore;
import org.junit.Test;

/** 7 tests: 3 pass (1 of them at the second try), 1 fails and 2 break at every try, 1 is skipped. */
public class OrderTest {
    private static int tries;

    @Test public void hasANumber() { System.out.println("order A-1"); }

    @Test public void hasATotal() { assertEquals(42, 6 * 7); }

    @Test public void reachesTheWarehouse() {
        if (++tries < 2) fail("the warehouse did not answer at try " + tries);
    }

    @Test public void isShippedOnTime() { assertEquals("days to ship", 2, 5); }

    @Test public void hasAnInvoice() {
        throw new IllegalStateException("no printer", new java.io.IOException("paper & ink <out>"));
    }

    @Test public void hasALabel() { String label = null; label.trim(); }

    @Ignore("the courier has no test account") @Test public void isTracked() {}
}
