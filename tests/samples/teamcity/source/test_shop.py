"""7 tests: 2 pass, 2 fail (1 of them with one of 2 sets of data), 1 breaks in its setup, 1 is skipped, 1 is known to fail, and does"""
import pytest


@pytest.mark.parametrize("books", [1, 2])
def test_delivers(books):
    print(f"sends {books}")
    assert books == 1


def test_charges(till):
    pass


@pytest.mark.skip("no card reader here")
def test_pays_by_card():
    pass


@pytest.mark.xfail(reason="vouchers come next month")
def test_takes_a_voucher():
    assert False


class TestCart:
    def test_adds_up(self):
        assert 1 + 1 == 2

    def test_reaches_the_warehouse(self):
        assert "no | connection" == ""
