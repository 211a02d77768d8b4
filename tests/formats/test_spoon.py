"""Spoon's tests on many devices."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.spoon import parse
from assay.model import Attachment, Container, Error, Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "spoon"
OUTPUT = "/home/runner/work/shop/shop/target/spoon-output/image/emulator-5554"
CART = ("Google Pixel 4", "com.example.shop.CartTest")


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def test_a_test_is_on_a_device_with_its_log_and_pictures() -> None:
    film = f"{OUTPUT}/com.example.shop.CartTest/addsUp"
    assert sample("result.json")[0] == Result(
        CART,
        "addsUp",
        Status.PASSED,
        2.0,
        stdout="01-02 03:04:06.811 I/TestRunner: started: addsUp(com.example.shop.CartTest)",
        attachments=(
            Attachment("1767323046000_cart.png", f"{film}/1767323046000_cart.png"),
            Attachment("addsUp.gif", f"{film}.gif"),
        ),
    )


def test_an_exception_is_printed_as_java_does_with_its_cause() -> None:
    loads = sample("result.json")[2]
    assert isinstance(loads, Result)
    assert (loads.status, loads.error) == (
        Status.BROKEN,
        Error(
            "java.lang.IllegalStateException",
            "not open",
            "java.lang.IllegalStateException: not open\n"
            "\tat com.example.shop.Prices.load(Prices.java:7)\n"
            "Caused by: java.io.IOException: No disk",
        ),
    )


def test_a_second_device_of_a_model_has_its_number_and_may_refuse_the_application() -> None:
    *_, failed, device, run = sample("result.json")
    path = ("Google Pixel 4 (emulator-5556)",)
    error = Error(message="INSTALL_FAILED_OLDER_SDK")
    assert failed == Result(path, "(installation)", Status.BROKEN, error=error)
    assert isinstance(device, Container)
    assert device.path == path
    assert run == Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 60.0, metadata={"title": "Shop"})


def test_the_file_of_one_device_is_read_by_itself() -> None:
    adds, drone, device, run = sample("device.json")
    assert [each.path[0] for each in (adds, drone, device) if not isinstance(each, Run)] == [
        "LGE Nexus 5"
    ] * 3
    assert isinstance(drone, Result)
    assert drone.status is Status.SKIPPED
    assert run == Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 9.0)


def test_json_without_devices_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b'{"title": "Shop"}']))


def test_a_device_without_a_list_of_tests_has_none() -> None:
    found = list(parse([b'{"installFailed": false, "testResults": 7}']))
    assert [type(item) for item in found] == [Container, Run]
