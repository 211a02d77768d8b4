"""Why the demo's tests fail: what the tools of each trade say and the traces they leave.

In the texts `{n}` is a number that differs from run to run, `{test}`, `{file}` and `{line}` tell
where the test is.
"""

from __future__ import annotations

from dataclasses import dataclass

JUPITER = """\tat org.junit.jupiter.engine.execution.Invocation.proceed(Invocation.java:60)
\tat org.junit.jupiter.engine.extension.TimeoutExtension.intercept(TimeoutExtension.java:156)
\tat java.base/java.util.ArrayList.forEach(ArrayList.java:1596)"""

PLAYWRIGHT = """
    at LocatorAssertions.proxy (node_modules/playwright/lib/matchers/expect.js:214:24)
    at {file}:{line}:36"""


@dataclass(frozen=True, slots=True)
class Cause:
    """`error` marks what a tool tells apart from a failed assertion."""

    type: str
    message: str
    trace: str
    error: bool = False


CAUSES = {
    "busy": Cause("", "Service Unavailable", ""),
    "pool": Cause(
        "com.larkmoor.payments.db.PoolExhaustedException",
        "No connection within {n} ms: 4 of 4 in use, 11 waiting",
        """{type}: {message}
\tat com.larkmoor.payments.db.ConnectionPool.borrow(ConnectionPool.java:88)
\tat com.larkmoor.payments.ledger.LedgerRepository.insert(LedgerRepository.java:41)
\tat com.larkmoor.payments.ledger.Ledger.book(Ledger.java:132)
\tat {class}.{test}({file}:{line})
"""
        + JUPITER
        + """
Caused by: java.sql.SQLTransientConnectionException: pool "main" timed out
\tat org.postgresql.Driver.connect(Driver.java:289)
\t... 64 more""",
        error=True,
    ),
    "clock": Cause(
        "org.opentest4j.AssertionFailedError",
        "signature too old ==> expected: <ACCEPTED> but was: <EXPIRED>",
        """{type}: {message}
\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat org.junit.jupiter.api.Assertions.assertEquals(Assertions.java:1145)
\tat {class}.{test}({file}:{line})
"""
        + JUPITER,
    ),
    "port": Cause(
        "java.net.BindException",
        "Address already in use: port {n}",
        """{type}: {message}
\tat java.base/sun.nio.ch.Net.bind0(Native Method)
\tat com.larkmoor.payments.testing.FakeBank.start(FakeBank.java:52)
\tat {class}.{test}({file}:{line})
"""
        + JUPITER,
        error=True,
    ),
    "schema": Cause(
        "java.lang.IllegalStateException",
        "Migration didn't properly handle: queued_orders",
        """{type}: {message}
 Expected: TableInfo{{name='queued_orders', columns=[id, payload, tries]}}
 Found: TableInfo{{name='queued_orders', columns=[id, payload]}}
\tat androidx.room.RoomOpenHelper.onUpgrade(RoomOpenHelper.kt:103)
\tat com.larkmoor.app.sync.OfflineQueue.open(OfflineQueue.kt:37)
\tat {class}.{test}({file}:{line})""",
        error=True,
    ),
    "idle": Cause(
        "androidx.test.espresso.AppNotIdleException",
        "Looped for {n} iterations over 60 SECONDS. The app did not become idle.",
        """{type}: {message}
\tat androidx.test.espresso.IdlingPolicy.handleTimeout(IdlingPolicy.java:6)
\tat androidx.test.espresso.base.UiControllerImpl.loopUntil(UiControllerImpl.java:31)
\tat {class}.{test}({file}:{line})""",
        error=True,
    ),
    "null": Cause(
        "java.lang.NullPointerException",
        'Cannot invoke "java.time.ZoneId.getRules()" because "depot.zone" is null',
        """{type}: {message}
\tat com.larkmoor.orders.delivery.DeliveryCalendar.cutOff(DeliveryCalendar.java:74)
\tat com.larkmoor.orders.delivery.DeliveryDate.promise(DeliveryDate.java:29)
\tat {class}.{test}({file}:{line})
\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(\
DirectMethodHandleAccessor.java:103)
\tat org.testng.internal.invokers.MethodInvocationHelper.invokeMethod(\
MethodInvocationHelper.java:141)
\tat org.testng.TestNG.runSuites(TestNG.java:1063)""",
        error=True,
    ),
    "awaited": Cause(
        "java.lang.AssertionError",
        "expected the job within 5 seconds, seen {n} of 3 runs expected [true] but found [false]",
        """{type}: {message}
\tat org.testng.Assert.fail(Assert.java:111)
\tat org.testng.Assert.assertTrue(Assert.java:54)
\tat {class}.{test}({file}:{line})""",
    ),
    "work": Cause(
        "org.opentest4j.AssertionFailedError",
        "expected: <{n}> but was: <0>",
        """{type}: {message}
\tat org.junit.jupiter.api.Assertions.assertEquals(Assertions.java:531)
\tat {class}.{test}({file}:{line})
"""
        + JUPITER,
    ),
    "button": Cause(
        "TimeoutError",
        "locator.click: Timeout 30000ms exceeded.\nCall log:\n"
        "  - waiting for getByRole('button', {{ name: 'Pay now' }})\n"
        '    - locator resolved to <button disabled id="pay" aria-busy="true">Pay now</button>\n'
        "    - element is not enabled\n"
        "  - retrying click action, attempt #{n}",
        """{type}: {message}

  21 |   await page.getByLabel('Card number').fill(card.number);
  22 |   await page.getByLabel('Valid until').fill(card.expiry);
> {line} |   await page.getByRole('button', {{ name: 'Pay now' }}).click();
     |                                                       ^
    at pay (tests/shop/steps/payment.ts:23:57)
    at {file}:{line}:9""",
    ),
    "total": Cause(
        "Error",
        "expect(locator).toHaveText(expected)\n\nLocator: getByTestId('invoice-total')\n"
        'Expected: "84,50 €"\nReceived: "84.50 €"',
        "{type}: {message}" + PLAYWRIGHT,
    ),
    "slow": Cause(
        "TimeoutError",
        "page.waitForResponse: Timeout {n}ms exceeded while waiting for **/api/basket",
        "{type}: {message}\n    at {file}:{line}:22",
    ),
    "detached": Cause(
        "Error",
        "locator.click: Element is not attached to the DOM",
        "{type}: {message}\n    at pick (tests/shop/steps/map.ts:41:18)\n    at {file}:{line}:9",
    ),
    "intl": Cause(
        "",
        'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: "1.234,50 €"\n'
        'Received: "€1,234.50"',
        """{message}
    at Object.<anonymous> ({file}:{line}:38)
    at Promise.finally.completed (node_modules/jest-circus/build/jestAdapterInit.js:1834:28)
    at _callCircusTest (node_modules/jest-circus/build/jestAdapterInit.js:1167:40)""",
    ),
    "eventually": Cause(
        "AssertionError",
        "AssertionError: stock of 4711 still {n} after 1.0 s\nassert {n} == 0",
        """index = <search.index.Index object at 0x7f{n}c2a10>, clock = <Clock 12:00:00>

    def {test}(index, clock):
        index.update("4711", stock=0)
        clock.advance(seconds=1)
>       assert index.get("4711").stock == 0, f"stock of 4711 still {{found}} after 1.0 s"
E       AssertionError: stock of 4711 still {n} after 1.0 s
E       assert {n} == 0
E        +  where {n} = Document(id='4711').stock

{file}:{line}: AssertionError""",
    ),
    "too_slow": Cause(
        "AssertionError",
        "AssertionError: answered in {n} ms\nassert {n} < 50",
        """client = <httpx.Client object at 0x7f{n}b31d0>

    def {test}(client):
        took = client.get("/suggest", params={{"q": "tent"}}).elapsed.total_seconds() * 1000
>       assert took < 50, f"answered in {{took:.0f}} ms"
E       AssertionError: answered in {n} ms

{file}:{line}: AssertionError""",
    ),
    "gone": Cause(
        "ConnectionError",
        'failed on setup with "requests.exceptions.ConnectionError: HTTPSConnectionPool('
        "host='sandbox.carrier.example', port=443): Max retries exceeded with url: /v4/token\"",
        """@pytest.fixture(scope="session")
    def carrier():
>       return Carrier(URL, token=fetch_token(URL + "/v4/token"))

conftest.py:{line}:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
    def send(self, request, timeout=None):
E       socket.gaierror: [Errno -2] Name or service not known
E       requests.exceptions.ConnectionError: HTTPSConnectionPool(host='sandbox.carrier.example')

.venv/lib/python3.13/site-packages/requests/adapters.py:677: ConnectionError""",
        error=True,
    ),
    "rounding": Cause(
        "AssertionError",
        "AssertionError: assert Decimal('16.80') == Decimal('16.81')",
        """    def {test}(tax):
        quote = tax.quote(net=Decimal("84.05"), country="AT")
>       assert quote.amount == Decimal("16.81")
E       AssertionError: assert Decimal('16.80') == Decimal('16.81')
E        +  where Decimal('16.80') = Quote(country='AT', rate=20).amount

{file}:{line}: AssertionError""",
    ),
    "carrier": Cause("", "Label of carrier 'Postlinie' has {n} lines, at most 12 fit", ""),
    "scanner": Cause("", "Scanner did not answer within {n} seconds", ""),
    "voucher": Cause(
        "",
        "org.opentest4j.AssertionFailedError: total after the voucher ==> expected: <76.05> "
        "but was: <84.50>",
        """{message}
\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat com.larkmoor.acceptance.steps.BasketSteps.theTotalIs(BasketSteps.java:61)
\tat ✽.the total is 76.05(file:///build/src/test/resources/features/vouchers.feature:14)""",
    ),
}

WORK_IN_PROGRESS = {
    "surefire": "work",
    "pytest": "rounding",
    "jest": "intl",
    "ctrf": "total",
    "testng": "awaited",
    "robot": "carrier",
    "cucumber": "voucher",
    "jmeter": "busy",
}
"""What a feature branch's failures look like, by flavour."""
