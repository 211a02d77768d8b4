# 8 tests: 4 pass (1 of them fails as expected, 1 is known to be intermittent), 2 fail (1 by a subtest, 1 as it passes unexpectedly), 1 crashes, 1 is skipped; and a process crashes by itself
import sys

from mozlog import formatters, handlers, structuredlog

log = structuredlog.StructuredLogger("shop")
log.add_handler(handlers.StreamHandler(sys.stdout, formatters.JSONFormatter()))

ADDS_UP = "/cart/adds-up.html"
log.suite_start(
    {"default": [ADDS_UP, "/cart/discount.html?rate=10"]},
    name="shop",
    run_info={"product": "firefox", "os": "linux", "version": "22.04", "revision": "3f786850e387"},
)
log.test_start(ADDS_UP)
log.process_output("4242", "2 books")
log.test_status(ADDS_UP, "one book", "PASS")
log.test_status(ADDS_UP, "two books", "PASS")
log.test_end(ADDS_UP, "OK")

DISCOUNT = "/cart/discount.html?rate=10"
log.test_start(DISCOUNT)
log.test_status(DISCOUNT, "of books", "PASS")
log.test_status(
    DISCOUNT, "of films", "FAIL", expected="PASS", message="12.50 is not 12.00", stack="discount.js:7"
)
log.test_status(DISCOUNT, "of vouchers", "FAIL", expected="FAIL", message="there are none")
log.test_end(DISCOUNT, "OK")

for name, status, expected, known in (
    ("/cart/voucher.html", "FAIL", "FAIL", None),
    ("/cart/warehouse.html", "TIMEOUT", "PASS", ["TIMEOUT"]),
    ("/cart/delivery.html", "PASS", "FAIL", None),
    ("/search/finds.html", "PASS", "PASS", None),
    ("/search/pays-by-card.html", "SKIP", "PASS", None),
):
    log.test_start(name)
    message = "no card reader here" if status == "SKIP" else None
    log.test_end(name, status, expected=expected, known_intermittent=known, message=message)

log.test_start("/search/index.html")
log.crash(
    4242, "@ shop::index::open", test="/search/index.html", minidump_path="/tmp/minidumps/1.dmp",
    stackwalk_stdout="Thread 0 (crashed)\n 0  libshop.so!shop::index::open",
)
log.test_end("/search/index.html", "CRASH", expected="OK")
log.crash(4243, "@ shop::close")
log.suite_end()
