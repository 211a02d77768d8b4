"""Larkmoor Outfitters, which does not exist: its groups, its profiles and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass

from assay.demo import words
from assay.store.catalog.members import Role

COMPANY = "Larkmoor Outfitters"
DAYS = 120
"""How far back the history goes."""
PEOPLE = (
    ("Ida Brandt", "ida@larkmoor.example", Role.OWNER),
    ("Tomás Reyes", "tomas@larkmoor.example", Role.ADMINISTRATOR),
    ("Wen Li", "wen@larkmoor.example", Role.USER),
    ("Board room screen", "screen@larkmoor.example", Role.READ_ONLY),
)

Suites = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Profile:
    """What reports to one profile. `pace` is runs on a weekday, `typical` seconds a test."""

    name: str
    group: str
    formatter: str
    flavour: str
    file_name: str
    suites: Suites
    pace: float
    typical: float
    tags: tuple[tuple[str, ...], ...] = ()
    package: str = ""


@dataclass(frozen=True, slots=True)
class Episode:
    """Tests of `suite` (so many from the `first`) that fail for one cause from `since` until
    `until` days ago (-1: still), on main and releases, or `everywhere`."""

    profile: str
    suite: str
    tests: int
    cause: str
    since: float
    until: float = -1.0
    everywhere: bool = False
    first: int = 0

    def strikes(self, profile: str, suite: str, test: int, age: float) -> bool:
        """Whether it makes the test fail that many days ago."""
        tests = range(self.first, self.first + self.tests)
        told = (profile, suite) == (self.profile, self.suite) and test in tests
        return told and self.until < age <= self.since

    def witnesses(self) -> tuple[float, ...]:
        """How many days ago main has to be tested so that its beginning and its end are seen."""
        if self.until < 0:
            return (self.since * 0.98,)
        length = self.since - self.until
        return tuple(self.since - length * part for part in (-0.1, 0.05, 0.4, 0.8, 1.05))


@dataclass(frozen=True, slots=True)
class Flake:
    """A test that fails now and then. With `tries` it is run again and usually passes then."""

    profile: str
    suite: str
    test: int
    rate: float
    cause: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Skip:
    """A test that is left out, with the reason given, from `since` days ago."""

    profile: str
    suite: str
    test: int
    reason: str
    since: float = DAYS + 1.0


@dataclass(frozen=True, slots=True)
class Drift:
    """A test that takes `factor` times as long today as it did when the history began."""

    profile: str
    suite: str
    test: int
    factor: float


def search_suites() -> Suites:
    found = words.suites(words.SEARCH)
    return [*found, (words.LANGUAGES, [f"stems[{at}]" for at in words.SEARCH_LOCALES.split()])]


def components() -> Suites:
    return words.pooled(words.COMPONENTS, words.COMPONENT_CHECKS, 7, 12)


PROFILES = (
    Profile(
        "Web shop UI",
        "Storefront",
        "ctrf",
        "ctrf",
        "ctrf-report.json",
        words.suites(words.WEB_SHOP, "›"),
        0.9,
        4.2,
        (("browser:chromium",), ("browser:firefox",), ("browser:chromium",), ("browser:webkit",)),
    ),
    Profile(
        "Web shop components",
        "Storefront",
        "junit",
        "jest",
        "junit.xml",
        components(),
        0.6,
        0.03,
        (("node:22",),),
    ),
    Profile(
        "Search API",
        "Storefront",
        "junit",
        "pytest",
        "pytest.xml",
        search_suites(),
        0.7,
        0.35,
        (("env:staging", "python:3.13"), ("env:staging", "python:3.12")),
    ),
    Profile(
        "Payment service",
        "Payments",
        "junit",
        "surefire",
        "surefire.xml",
        words.pooled(words.PAYMENT_CLASSES, words.PAYMENT_CHECKS, 8, 11),
        0.7,
        0.18,
        (("jdk:21", "db:postgresql"),),
        "com.larkmoor.payments",
    ),
    Profile(
        "Checkout acceptance",
        "Payments",
        "cucumber",
        "cucumber",
        "cucumber.json",
        [],
        0.55,
        1.8,
        (("env:staging",), ("env:acceptance",)),
        "com.larkmoor.acceptance",
    ),
    Profile(
        "Shop under load",
        "Payments",
        "jmetercsv",
        "jmeter",
        "load.jtl",
        words.suites(words.LOAD),
        0.3,
        0.11,
        (("env:load", "users:50"),),
    ),
    Profile(
        "Fraud rules",
        "Payments",
        "junit",
        "pytest",
        "pytest.xml",
        words.suites(words.FRAUD),
        0.55,
        0.05,
        (("python:3.13",),),
    ),
    Profile(
        "Order service",
        "Platform",
        "testng",
        "testng",
        "testng-results.xml",
        words.pooled(words.ORDER_CLASSES, words.ORDER_CHECKS, 6, 9),
        0.6,
        0.22,
        (("jdk:21", "queue:kafka"),),
        "com.larkmoor.orders",
    ),
    Profile(
        "Warehouse sync",
        "Platform",
        "robotframework",
        "robot",
        "output.xml",
        words.suites(words.WAREHOUSE),
        0.5,
        6.5,
        (("site:Graz",), ("site:Brno",)),
    ),
    Profile(
        "Partner contracts",
        "Platform",
        "junit",
        "pytest",
        "pytest.xml",
        words.suites(words.CONTRACTS),
        0.65,
        0.9,
        (("env:partners",),),
    ),
    Profile(
        "Infrastructure smoke",
        "Platform",
        "robotframework",
        "robot",
        "output.xml",
        words.suites(words.SMOKE),
        0.6,
        0.8,
        (("env:production",), ("env:staging",)),
    ),
    Profile(
        "Android app",
        "Mobile",
        "junit",
        "surefire",
        "TEST-all.xml",
        words.pooled(words.ANDROID_CLASSES, words.ANDROID_CHECKS, 6, 10),
        0.55,
        0.4,
        (("device:Pixel 8", "android:15"), ("device:Galaxy S22", "android:14")),
        "com.larkmoor.app",
    ),
    Profile("iOS app", "Mobile", "junit", "surefire", "report.xml", [], 0.0, 0.3),
)

EPISODES = (
    # A pool was made too small, and was put right two days later.
    Episode("Payment service", "LedgerTest", 8, "pool", 9.0, 7.0),
    Episode("Payment service", "SettlementTest", 8, "pool", 9.0, 7.0),
    Episode("Payment service", "PayoutTest", 8, "pool", 9.0, 7.0),
    Episode("Web shop components", "PriceTag", 6, "intl", 47.0, 45.0),
    Episode("Web shop components", "BasketLine", 4, "intl", 47.0, 45.0),
    Episode("Android app", "sync.OfflineQueueTest", 5, "schema", 26.0, 23.0),
    Episode("Warehouse sync", "Dispatch", 3, "carrier", 61.0, 59.0),
    Episode("Shop under load", "customers", 2, "busy", 16.0, 12.0, first=2),
    # The partners' sandbox has been broken for weeks.
    Episode("Partner contracts", "test_carrier.TestCarrier", 5, "gone", 33.0, everywhere=True),
    Episode("Partner contracts", "test_tax.TestTax", 2, "rounding", 21.0, everywhere=True),
    # Today (the last run of the profile).
    Episode("Web shop UI", "checkout", 3, "button", 0.1),
    Episode("Web shop UI", "account", 1, "total", 0.1, first=5),
    Episode("Checkout acceptance", "Vouchers", 1, "voucher", 0.1),
    Episode("Order service", "DeliveryDateTest", 2, "null", 0.1),
)

FLAKES = (
    Flake("Web shop UI", "basket", 4, 0.16, "slow", 3),
    Flake("Web shop UI", "search", 6, 0.12, "slow", 3),
    Flake("Web shop UI", "store finder", 0, 0.08, "detached", 3),
    Flake("Search API", "test_index.TestIndexing", 2, 0.22, "eventually"),
    Flake("Search API", "test_suggest.TestSuggest", 2, 0.10, "too_slow"),
    Flake("Payment service", "WebhookSignatureTest", 1, 0.15, "clock", 2),
    Flake("Payment service", "RetryPolicyTest", 0, 0.10, "port", 2),
    Flake("Android app", "push.DeepLinkTest", 1, 0.14, "idle", 2),
    Flake("Android app", "scan.BarcodeScannerTest", 2, 0.12, "idle", 2),
    Flake("Warehouse sync", "Order Picking", 6, 0.18, "scanner"),
    Flake("Order service", "SchedulerTest", 1, 0.12, "awaited"),
)

SKIPS = (
    Skip("Web shop UI", "returns", 3, "SHOP-812: the refund sandbox is closed at night"),
    Skip("Web shop components", "StoreMap", 0, ""),
    Skip("Web shop components", "Carousel", 1, ""),
    Skip("Search API", "test_index.TestMapping", 3, "no Finnish dictionary on this runner"),
    Skip("Search API", "test_suggest.TestSuggest", 3, "waits for a decision of legal", 52.0),
    Skip("Payment service", "ChargebackTest", 2, "The bank's test system has no chargebacks"),
    Skip("Payment service", "SanctionListTest", 1, "The list is licensed for production only"),
    Skip("Fraud rules", "test_model.TestModel", 1, "model 2024-3 is not published yet", 40.0),
    Skip("Order service", "PickupTest", 1, "ORD-455: lockers come next year"),
    Skip("Warehouse sync", "Dispatch", 5, "No Saturday delivery from this site"),
    Skip("Partner contracts", "test_events.TestEvents", 6, "the partner has no such event yet"),
    Skip("Android app", "login.BiometricsTest", 0, "No fingerprint sensor on the emulator"),
)

DRIFTS = (
    Drift("Search API", "test_api.TestSearchEndpoint", 0, 6.5),
    Drift("Payment service", "ReconciliationTest", 0, 3.2),
    Drift("Web shop UI", "product page", 3, 2.1),
    Drift("Order service", "OrderExportTest", 2, 0.4),
    Drift("Shop under load", "customers", 3, 2.6),
)

GREEN = "Fraud rules"
"""Nothing ever fails here."""

TOOL_STOPPED = "Infrastructure smoke"
"""Its report of today is a gateway's error page."""

GATEWAY_PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><title>502 Bad Gateway</title></head>
<body><h1>502 Bad Gateway</h1>
<p>artifacts.larkmoor.example could not hand out <code>smoke/output.xml</code>.</p>
</body></html>
"""
