"""Allure 1's results."""

from __future__ import annotations

_FOLDER = "allure1/allure-framework-allure3/resources__allure1data__"

NOT_RECOGNISED = {
    f"{_FOLDER}empty-root.xml": "<test-suite> with nothing in it, not even Allure's namespace",
    f"{_FOLDER}wrong-type.xml": "<test-suite> with a text in it, without Allure's namespace",
    f"{_FOLDER}empty-xml.xml": "XML without a root",
    f"{_FOLDER}invalid-root.xml": "XML whose root is <other>",
}
