"""What the tests of a report measured."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from assay import auth
from assay.queries.measured import Measured, MeasuredTest, list_measured
from assay.web.api.profiles import Cursor, Limit
from assay.web.request import Ours, Who
from assay.web.shapes import PAGE, Listing, test_id

router = APIRouter(prefix="/api/v3", tags=["Results"])


@dataclass(frozen=True, slots=True)
class MeasurementShape:
    """A number; `unit` is s, B, 1/s or another, empty for a plain number or a share of 1."""

    metric: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class MeasuredShape:
    """A test with what it measured; `position` is its result's, null where it has none."""

    test_id: str
    position: int | None
    path: list[str]
    name: str
    measurements: list[MeasurementShape]


@router.get("/reports/{report_id}/measurements")
def list_report_measurements(
    report_id: int, ours: Ours, who: Who, cursor: Cursor = None, limit: Limit = PAGE
) -> Listing[MeasuredShape]:
    """What load tests, benchmarks and others measured in a report, test by test."""
    with ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, who, report_id)
    page = list_measured(
        ours.stores.results, report.profile_id, report.id, cursor=cursor, limit=limit
    )
    return Listing([_shape(each) for each in page.items], page.next)


def _shape(test: MeasuredTest) -> MeasuredShape:
    values = [_value(each) for each in test.values]
    return MeasuredShape(test_id(test.test), test.position, list(test.path), test.name, values)


def _value(found: Measured) -> MeasurementShape:
    return MeasurementShape(found.metric, found.value, found.unit)
