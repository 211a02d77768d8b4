package shop;

import static org.testng.Assert.assertEquals;

import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.Reporter;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** 10 tests: 6 pass (1 of them at the second try), 1 fails, 1 breaks, 2 are skipped. */
public class OrderTest {
    private int tries;

    public static class Again implements IRetryAnalyzer {
        private int left = 1;
        @Override public boolean retry(ITestResult result) { return left-- > 0; }
    }

    @BeforeClass public void openTheTill() { Reporter.log("the till opens"); }

    @AfterMethod public void emptyTheBasket() {}

    @Test(groups = "smoke", description = "An order is told apart by its number")
    public void hasANumber() { Reporter.log("order A-1 <new>"); }

    @DataProvider public Object[][] sums() {
        return new Object[][] {{"apples", 3, 30}, {"pears & plums", 2, 20}, {"nuts", 1, 11}};
    }

    @Test(dataProvider = "sums", groups = {"smoke", "sums"})
    public void addsUp(String what, int amount, int expected) {
        assertEquals(amount * 10, expected, "sum of " + what);
    }

    @Test(retryAnalyzer = Again.class)
    public void reachesTheWarehouse() { assertEquals(++tries, 2, "no answer at try " + tries); }

    @Test public void hasAnInvoice() {
        throw new IllegalStateException("no printer", new java.io.IOException("paper & ink <out>"));
    }

    @Test(dependsOnMethods = "hasAnInvoice") public void isSent() {}

    @Test public void isTracked() { throw new SkipException("the courier has no test account"); }

    @Test(expectedExceptions = ArithmeticException.class, timeOut = 1000)
    public void refusesAnEmptySplit() { assertEquals(1 / (tries - tries), 0); }

    @Test(invocationCount = 1) public void isKept() {}
}
