"""Eleven tests: six pass (one of them after a retry), one fails, two break (one in its fixture), one
is skipped, one is expected to fail, which the adapter calls skipped."""

import allure
import pytest

tries = []


@pytest.fixture
def basket():
    """A basket for one customer."""
    with allure.step("Take a basket"):
        pass
    yield []
    with allure.step("Put it back"):
        pass


@pytest.fixture
def warehouse():
    raise ConnectionError("the warehouse does not answer")


@allure.epic("Shop")
@allure.feature("Basket")
@allure.story("Totals")
class TestBasket:
    @allure.severity(allure.severity_level.CRITICAL)
    @allure.tag("smoke", "fast")
    @allure.issue("https://tracker.example.com/SHOP-7", "SHOP-7")
    @allure.testcase("https://tests.example.com/TC-12", "TC-12")
    @allure.label("owner", "alice")
    def test_adds_up(self, basket):
        """The total is the sum of the lines."""
        with allure.step("Put in an apple"):
            basket.append(3)
        with allure.step("Put in a pear"):
            basket.append(4)
            allure.attach("3\n4\n", "receipt", allure.attachment_type.TEXT)
        print("total", sum(basket))
        assert sum(basket) == 7

    @pytest.mark.parametrize(("amount", "price"), [(1, 3), (2, 6)])
    def test_price(self, amount, price):
        assert amount * 3 == price

    @allure.title("A voucher of {worth} lowers the price")
    @pytest.mark.parametrize("worth", [1, 2])
    def test_voucher(self, worth):
        with allure.step("Pay"):
            assert 3 - worth == 2


def test_parcel_is_tracked(warehouse):
    pass


def test_stock():
    with allure.step("Ask the warehouse"), allure.step("Connect"):
        raise TimeoutError("no answer within 3 s")


@pytest.mark.skip(reason="no printer here")
def test_prints_a_label():
    pass


@pytest.mark.xfail(reason="SHOP-9: pears are rounded")
def test_rounds_pears():
    assert round(2.5) == 3


@pytest.mark.flaky(reruns=2)
def test_sends_mail(basket):
    tries.append(1)
    assert len(tries) == 2, "the mail server was busy"


def test_with_secrets():
    allure.dynamic.parameter("user", "bob")
    allure.dynamic.parameter("password", "hunter2", mode=allure.parameter_mode.MASKED)
    allure.dynamic.parameter("session", "a81f", excluded=True)
    allure.dynamic.parameter("internal", "x", mode=allure.parameter_mode.HIDDEN)
