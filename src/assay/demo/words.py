"""What the demo's tests are called: suites and the things they check, as people name them.

A line is a suite and, after the colon, what it checks. Where a suite names no checks of its own,
it takes some of the pool.
"""

from __future__ import annotations

from random import Random

WEB_SHOP = """
checkout › pays with card, pays with voucher, pays with gift card, pays on account, keeps the \
basket when the session ends, refuses an expired card, shows the delivery costs, asks for the \
second factor, lets a guest order, sends the confirmation
basket › adds an item, removes an item, changes the amount, keeps items after sign in, tells when \
an item is sold out, adds up the total, merges two baskets, restores a saved basket
product page › shows sizes in stock, zooms into a picture, switches the colour, shows reviews, \
recommends what fits, warns of the last one, shares a link
search › finds by name, finds by number, corrects a typing error, filters by size, filters by \
colour, sorts by price, remembers the last search, shows no results kindly
account › signs in, signs out, changes the password, forgets the password, shows past orders, \
downloads an invoice, changes the address, deletes the account
wish list › remembers an item, shares the list, moves an item to the basket, sorts by date
navigation › opens every category, works by keyboard, opens the menu on a phone, shows the \
breadcrumb, links to the stores
returns › starts a return, prints a label, tracks a return, refunds to the card
store finder › finds the nearest store, shows opening hours, shows stock in a store
"""

COMPONENTS = (
    "AddressForm Accordion AmountStepper Avatar Badge BasketLine BasketSummary Breadcrumb Button "
    "CardForm Carousel Checkbox ColourPicker ConsentBanner CountrySelect DatePicker "
    "DeliveryOptions Dialog Drawer FacetList Footer Gallery Header ImageZoom LanguageSwitch "
    "LoginForm Menu Notification OrderTimeline Pagination PriceTag ProductCard RatingStars "
    "ReviewForm SearchBox SizeChart Spinner StockBadge StoreMap Tabs Toast VoucherField "
    "WishListButton"
)

COMPONENT_CHECKS = """renders without props, matches its snapshot, is disabled while it loads, \
calls back once when clicked, shows the error below the field, can be reached by keyboard, has no \
accessibility violations, keeps the focus after an update, formats prices with two decimals, reads \
from right to left in Arabic, closes on Escape, announces changes to screen readers, falls back \
when the picture is missing, debounces fast typing, forwards its ref, takes a custom class"""

SEARCH = """
test_ranking.TestRanking: exact_name_comes_first, sold_out_items_go_last, boosts_new_arrivals, \
penalises_returns, breaks_ties_by_margin, is_stable_between_pages, ignores_case
test_ranking.TestSynonyms: rucksack_finds_backpack, tent_finds_shelter, reads_the_synonym_file, \
ignores_unknown_languages, reloads_without_restart
test_query.TestParser: splits_words, keeps_quoted_phrases, drops_stop_words, refuses_500_words, \
understands_minus, understands_units[30l], understands_units[2 m], understands_units[-5 °C]
test_query.TestSpelling: corrects_one_letter, corrects_two_letters, leaves_brand_names_alone, \
knows_the_umlauts[ä], knows_the_umlauts[ö], knows_the_umlauts[ü], gives_up_on_nonsense
test_index.TestIndexing: indexes_a_product, removes_a_product, updates_stock_within_a_second, \
rebuilds_without_downtime, survives_a_broken_document, skips_drafts, indexes_every_variant
test_index.TestMapping: keeps_numbers_as_numbers, analyses_german, analyses_french, \
analyses_finnish, stores_no_prices
test_facets.TestFacets: counts_sizes, counts_colours, hides_empty_facets, combines_filters, \
orders_sizes_naturally, limits_to_ten, counts_within_a_category, ranges_of_prices
test_suggest.TestSuggest: completes_a_prefix, suggests_categories, answers_in_time, hides_adult_\
words, merges_history, never_suggests_sold_out
test_api.TestSearchEndpoint: returns_json, pages_by_cursor, refuses_a_bad_cursor, answers_304, \
limits_the_rate, reports_the_time_taken, compresses_the_answer, traces_the_request, \
needs_a_tenant, serves_the_old_version
test_api.TestHealth: is_ready_after_start, is_not_ready_without_index, names_its_version
"""

SEARCH_LOCALES = "de-DE de-AT de-CH fr-FR fr-BE nl-NL nl-BE it-IT es-ES pl-PL sv-SE fi-FI da-DK"

PAYMENT_CLASSES = (
    "CardAuthorizationTest CardCaptureTest CardTokenTest RefundTest PartialRefundTest "
    "ChargebackTest InstalmentPlanTest InvoicePaymentTest GiftCardTest VoucherTest WalletTest "
    "CurrencyConversionTest ExchangeRateTest FeeCalculationTest TaxCalculationTest SettlementTest "
    "PayoutTest LedgerTest IdempotencyTest WebhookSignatureTest ThreeDSecureTest RetryPolicyTest "
    "ReconciliationTest StatementTest SanctionListTest AuditTrailTest"
)

PAYMENT_CHECKS = """acceptsTheSmallestAmount, rejectsANegativeAmount, rejectsAnUnknownCurrency, \
isIdempotentForTheSameKey, keepsTheCorrelationId, roundsHalfEven, survivesARestart, \
writesAnAuditEntry, timesOutAfterThirtySeconds, retriesOnceOnConflict, hidesTheCardNumber, \
refusesAnExpiredCard, publishesAnEvent, balancesTheLedger, handlesLeapDays, \
worksWithoutTheCache"""

FRAUD = """
test_rules.TestVelocity: ten_orders_in_an_hour, one_order_a_day, resets_at_midnight, per_card, \
per_address, per_device, ignores_cancelled_orders, counts_guests
test_rules.TestAmounts: far_above_average, just_below_the_limit, gift_cards_only, \
many_small_orders, round_sums, first_order_is_large
test_rules.TestPlaces: card_abroad, delivery_abroad, parcel_locker, known_drop_address, \
impossible_travel, hidden_network, same_city
test_rules.TestDevices: new_device, rooted_device, many_accounts, headless_browser, old_browser
test_lists.TestLists: allows_staff, blocks_known_fraud, expires_entries, matches_hashes, \
normalises_addresses, imports_a_file, refuses_duplicates
test_score.TestScore: adds_up_weights, never_exceeds_one, explains_itself, is_monotonic, \
has_a_default, is_fast_enough, matches_last_years_cases, keeps_its_version
test_model.TestModel: loads, refuses_an_old_version, scores_a_known_fraud, scores_a_good_customer, \
handles_missing_fields, is_reproducible
test_review.TestReview: opens_a_case, closes_a_case, assigns_fairly, sends_a_reminder, \
keeps_the_decision, releases_the_order
"""

CONTRACTS = """
test_orders_v2.TestOrders: creates_an_order, reads_an_order, cancels_an_order, lists_orders, \
refuses_a_stranger, pages_by_cursor, returns_problem_json, keeps_unknown_fields
test_catalogue_v3.TestCatalogue: reads_a_product, lists_a_category, reads_prices, reads_stock, \
answers_404, answers_304, has_every_language
test_carrier.TestCarrier: books_a_parcel, prints_a_label, tracks_a_parcel, cancels_a_booking, \
quotes_a_price, finds_a_pickup_point, reports_a_delay
test_tax.TestTax: knows_every_country, rounds_by_country, exempts_books, returns_a_breakdown
test_customers.TestCustomers: reads_a_customer, changes_an_address, merges_two, forgets_one, \
exports_the_data, hashes_the_mail
test_events.TestEvents: order_placed, order_paid, order_sent, order_returned, stock_changed, \
price_changed, customer_forgotten
"""

ORDER_CLASSES = (
    "OrderPlacementTest OrderStateMachineTest OrderCancellationTest OrderSplitTest "
    "OrderMergeTest OrderNumberTest OrderSearchTest OrderExportTest ShipmentPlanningTest "
    "ParcelTest CarrierChoiceTest DeliveryDateTest PickupTest ReturnRequestTest "
    "ReturnInspectionTest ReservationTest BackorderTest InvoiceTest CustomerNoticeTest "
    "OutboxTest SchedulerTest"
)

ORDER_CHECKS = """startsInTheRightState, refusesAnEmptyOrder, keepsTheHistory, \
notifiesTheCustomer, releasesTheStock, isSafeUnderContention, ignoresDuplicateEvents, \
respectsTheTimeZone, computesTheTotal, fallsBackToTheSecondWarehouse, writesTheOutbox, \
handlesAThousandLines"""

WAREHOUSE = """
Stock Levels: Delivery Raises The Stock, Sale Lowers The Stock, Correction Is Logged, Negative \
Stock Is Refused, Reserved Stock Is Not Sold, Stock Of Bundles Is Computed, Nightly Count Matches
Order Picking: Pick List Is Printed, Heavy Items Come First, Cold Items Come Last, Missing Item \
Is Reported, Split Order Makes Two Lists, Picker Can Pause, Scanner Loses Its Connection
Goods In: Delivery Note Is Read, Wrong Amount Is Flagged, Damaged Item Is Booked Out, Pallet Is \
Assigned A Place, Supplier Is Told, Return Is Inspected
Dispatch: Label Fits The Carrier, Weight Is Checked, Parcel Is Handed Over, Late Parcel Raises An \
Alarm, Manifest Is Sent At Six, Saturday Delivery Is Offered
Master Data: New Article Appears, Renamed Article Keeps Its History, Deleted Article Is Hidden, \
Barcodes Are Unique, Dimensions Are Converted
"""

SMOKE = """
Web: Home Page Answers, Sign In Page Answers, Checkout Answers, Certificates Are Valid, Old Links \
Redirect
Services: Orders Are Up, Payments Are Up, Search Is Up, Mail Is Up, Queue Is Short
Data: Primary Accepts Writes, Replica Lags Less Than A Second, Backup Is Fresh, Disk Has Room
"""

LOAD = """
visitors: GET /, GET /products, GET /products/4711, GET /search, GET /basket
customers: POST /login, POST /basket, GET /checkout, POST /orders, GET /orders
"""

ACCEPTANCE = """
Guest checkout: Paying with a card | the customer pays with a card | the order is confirmed; \
Paying on account | the customer pays on account | an invoice is sent; Paying with a voucher \
that covers all | the customer enters the voucher SUMMIT50 | nothing is left to pay; Leaving the \
mail address empty | the customer leaves the mail address empty | "Where shall we write to?" is \
shown; Changing the mind | the customer leaves the checkout | the basket is kept for 30 days
Delivery: To the door | the customer chooses delivery to the door | the costs are 4.90; To a \
store | the customer chooses the store in Graz | the costs are 0.00; To a locker | the customer \
chooses a parcel locker | the costs are 2.90; Express on a Friday | the customer chooses express \
| the parcel arrives on Monday; To an island | the customer lives on an island | the costs are \
14.90
Vouchers: Ten percent off | the customer enters the voucher SPRING10 | the total is 76.05; Only \
once | the customer enters the voucher SPRING10 twice | "You have used it already" is shown; \
Expired | the customer enters the voucher WINTER19 | "This voucher has expired" is shown; Not \
for gift cards | the customer buys a gift card with a voucher | the voucher is refused
Returns: Within 30 days | the customer returns the tent after 12 days | the money comes back; \
Too late | the customer returns the tent after 45 days | the return is refused; Exchange | the \
customer exchanges the size | a new parcel is sent; Damaged | the customer sends a picture of \
the damage | no label is needed
Loyalty: Collecting points | the customer pays 84.50 | 84 points are booked; Spending points | \
the customer spends 500 points | the total is 79.50; Points expire | a year goes by | no points \
are left; Silver level | the customer pays 1,000.00 in a year | the level is silver; Birthday | \
the customer has a birthday | a voucher is sent
Fraud: A good customer | the score is 0.02 | the order goes through; A doubtful order | the \
score is 0.71 | the order waits for review; A known fraud | the score is 0.98 | the order is \
refused
"""

ANDROID_CLASSES = (
    "cart.CartViewModelTest cart.CartRepositoryTest catalogue.CatalogueViewModelTest "
    "catalogue.PagingSourceTest checkout.CheckoutFlowTest checkout.GooglePayTest "
    "login.LoginViewModelTest login.BiometricsTest push.PushTokenTest push.DeepLinkTest "
    "scan.BarcodeScannerTest store.StoreLocatorTest sync.OfflineQueueTest sync.ConflictTest "
    "ui.HomeScreenTest ui.ProductScreenTest ui.ThemeTest wishlist.WishListTest"
)

ANDROID_CHECKS = """survivesRotation, showsTheLoadingState, showsTheErrorState, worksOffline, \
restoresFromSavedState, cancelsWhenTheScreenCloses, emitsOncePerChange, supportsTalkBack, \
readsRightToLeft, keepsTheScrollPosition, handlesAnEmptyAnswer, retriesAfterReconnect"""

LANGUAGES = "test_languages.TestLanguages"


def checks(text: str) -> list[str]:
    return [check.strip() for check in text.replace("\n", " ").split(",")]


def suites(text: str, separator: str = ":") -> list[tuple[str, list[str]]]:
    lines = [line.partition(separator) for line in text.strip().splitlines()]
    return [(suite.strip(), checks(found)) for suite, _, found in lines]


def pooled(names: str, pool: str, few: int, many: int) -> list[tuple[str, list[str]]]:
    """Each suite with `few` to `many` checks out of the pool, the same ones every time."""
    return [(name, drawn(name, checks(pool), few, many)) for name in names.split()]


def drawn(name: str, pool: list[str], few: int, many: int) -> list[str]:
    dice = Random(name)  # noqa: S311
    return dice.sample(pool, dice.randint(few, min(many, len(pool))))
