import pytest


@pytest.fixture
def stock():
    print("counting")
    return {"apple": 3}


@pytest.fixture
def warehouse():
    raise ConnectionRefusedError("warehouse.example:443")


@pytest.fixture
def till():
    yield []
    raise OSError("the till's drawer is stuck")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes its time")
