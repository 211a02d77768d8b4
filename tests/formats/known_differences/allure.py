"""Allure's results."""

from __future__ import annotations

NOT_RECOGNISED = {
    "allure2/allure-framework-allure3/resources__allure2data__invalid.json": (
        "an array of names, which Allure itself refuses"
    ),
}
