"""What every engine of the results store has to do."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from assay.errors import Invalid
from assay.identify import hash_test
from assay.model import Container, Measurement, Passes, Result
from assay.rows import Batch, ContainerDetail, Detail
from assay.store.bodies import unpack
from assay.store.results import PER_REPORT, TABLES, Results, open_results
from support.batches import report, result, wide_report

COUNT = "SELECT count(*) FROM results WHERE profile = :profile AND report = :report"


def count(store: Results, report_id: int, profile: int = 1) -> int:
    return int(store.ask(COUNT, {"profile": profile, "report": report_id})[0][0])


def names(store: Results, report_id: int) -> list[str]:
    rows = store.ask(
        "SELECT name FROM results r JOIN tests t ON t.profile = r.profile AND t.test = r.test "
        "WHERE r.profile = 1 AND report = :report ORDER BY position",
        {"report": report_id},
    )
    return [name for (name,) in rows]


def test_it_keeps_every_column_of_a_result(store: Results) -> None:
    failed = result("pays", "failed", error="TimeoutError: after 30 s", duration=1.5)
    store.write(1, 7, report(failed))
    [row] = store.ask(f"SELECT {', '.join(c.name for c in TABLES['results'])} FROM results", {})
    assert row[:8] == (1, 7, 0, hash_test(failed.path, "pays"), 2, 0, 1, 1.5)
    assert row[8] is None
    assert row[9] > 0


def test_an_unknown_duration_is_null_and_not_zero(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("b", duration=0.0)))
    rows = store.ask("SELECT duration FROM results ORDER BY position", {})
    assert rows == [(None,), (0.0,)]


def test_it_keeps_containers_names_and_messages_as_they_stand(store: Results) -> None:
    odd = "naïve \x00 ⏱ שלום " + "x" * 300
    store.write(1, 1, report(result(odd, "broken", path=("", odd), error=f"E: {odd * 100}")))
    assert store.ask("SELECT path, name FROM tests", {}) == [(["", odd], odd)]
    assert store.ask("SELECT type, message FROM errors", {}) == [("E", odd * 100)]


def test_a_result_at_the_root_has_no_containers(store: Results) -> None:
    store.write(1, 1, report(result("alone", path=())))
    assert store.ask("SELECT path, name FROM tests", {}) == [([], "alone")]


def test_it_keeps_a_detail_that_can_be_decoded_again(store: Results) -> None:
    output = "línea\x00\n" * 100_000
    store.write(1, 1, report(result("quiet"), result("loud", stdout=output)))
    [(position, body)] = store.ask("SELECT position, body FROM details", {})
    assert position == 1
    assert msgspec.json.decode(unpack(body), type=Detail) == Detail(stdout=output)


def test_a_write_that_breaks_off_shows_nothing_and_leaves_nothing_to_the_next(
    store: Results,
) -> None:
    """Text of a new report goes ahead of its results once there is much of it."""
    loud = [report(result(f"loud {n}", stdout="é" * 3_000_000))[0] for n in range(4)]

    def breaking() -> Iterator[Batch]:
        yield from loud
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(1, 1, breaking())
    assert count(store, 1) == 0
    store.write(1, 1, loud)
    assert store.ask("SELECT count(*) FROM details", {}) == [(4,)]
    with pytest.raises(KeyboardInterrupt):
        store.write(1, 1, breaking())
    assert (count(store, 1), store.ask("SELECT count(*) FROM details", {})) == (4, [(4,)])


def test_it_keeps_containers_and_measurements(store: Results) -> None:
    store.write(
        1,
        1,
        report(
            Container(("shop",), "feature", description="Selling"),
            Measurement(("shop",), "GET /cart", "p95", 0.25, "s"),
        ),
    )
    [(path, kind, body)] = store.ask("SELECT path, classification, body FROM containers", {})
    assert (path, kind) == (["shop"], "feature")
    assert msgspec.json.decode(body, type=ContainerDetail).description == "Selling"
    assert store.ask("SELECT metric, value, unit FROM measurements", {}) == [("p95", 0.25, "s")]


def test_tests_and_errors_are_kept_once_a_profile(store: Results) -> None:
    failed = result("pays", "failed", error="TimeoutError: after 30 s")
    store.write(1, 1, report(failed, result("ships")))
    store.write(1, 2, report(failed, result("returns")))
    store.write(2, 3, report(failed))
    assert store.ask("SELECT profile, count(*) FROM tests GROUP BY profile ORDER BY 1", {}) == [
        (1, 3),
        (2, 1),
    ]
    assert store.ask("SELECT profile, message FROM errors ORDER BY profile", {}) == [
        (1, "after 30 s"),
        (2, "after 30 s"),
    ]


def test_results_of_one_test_twice_in_a_report_are_both_kept(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("a", "failed"), result("a")))
    assert names(store, 1) == ["a", "a", "a"]


def test_a_report_may_be_empty(store: Results) -> None:
    store.write(1, 1, report())
    store.write(1, 2, [])
    assert count(store, 1) == count(store, 2) == 0


def test_writing_again_replaces_all_of_a_report_and_nothing_else(store: Results) -> None:
    first = [
        Container(("shop",), "feature"),
        Measurement((), "x", "p95", 1.0),
        result("old", "failed", error="E: x"),
        Passes((), ["older"], [1.0], {"file": "x"}),
    ]
    for each in (1, 2):
        store.write(1, each, report(*first))
    for _ in range(3):
        store.write(1, 1, report(result("new")))
    assert (names(store, 1), names(store, 2)) == (["new"], ["old", "older"])
    for table in set(PER_REPORT) - {"results"}:
        assert store.ask(f"SELECT DISTINCT report FROM {table}", {}) == [(2,)]


def test_a_report_of_one_profile_is_not_replaced_by_another_profile(store: Results) -> None:
    store.write(1, 1, report(result("a")))
    store.write(2, 1, report(result("b"), result("c")))
    assert (count(store, 1, 1), count(store, 1, 2)) == (1, 2)


def test_deleting_takes_the_reports_named_and_no_others(store: Results) -> None:
    for each in range(5):
        store.write(1, each, report(result("a", "failed", error="E: x")))
    store.delete(1, [])
    store.delete(1, [1, 3, 99])
    store.delete(2, [2])
    assert store.ask("SELECT report FROM results ORDER BY 1", {}) == [(0,), (2,), (4,)]
    assert store.ask("SELECT report FROM details ORDER BY 1", {}) == [(0,), (2,), (4,)]


def test_a_report_that_breaks_off_leaves_everything_as_it_was(store: Results) -> None:
    def broken() -> Iterator[Batch]:
        yield from report(result("b"), result("c", "failed", error="E: x"))
        raise OSError("the disk is gone")

    store.write(1, 1, report(result("a")))
    with pytest.raises(OSError, match="the disk is gone"):
        store.write(1, 1, broken())
    assert names(store, 1) == ["a"]
    assert store.ask("SELECT count(*) FROM errors", {}) == [(0,)]


def test_many_batches_make_one_report_sorted_by_test(store: Results) -> None:
    store.write(1, 1, wide_report(30_000, size=7_000))
    rows = store.ask("SELECT test FROM results", {})
    assert len(rows) == 30_000
    assert rows == sorted(rows)
    assert names(store, 1) == [f"test {number}" for number in range(30_000)]


def test_what_was_written_is_there_after_opening_it_again(url: str) -> None:
    store = open_results(url)
    store.write(1, 1, report(result("a"), result("b", stdout="…")))
    store.close()
    store = open_results(url)
    assert names(store, 1) == ["a", "b"]
    store.write(1, 2, report(result("a")))
    assert store.ask("SELECT count(*) FROM tests", {}) == [(2,)]
    store.close()


@pytest.mark.parametrize(
    ("where", "params", "expected"),
    [
        ("report IN :reports", {"reports": [1, 3]}, [1, 3]),
        ("report IN :reports", {"reports": [2]}, [2]),
        ("report IN :reports", {"reports": []}, []),
        ("report NOT IN :reports", {"reports": []}, [1, 2, 3]),
        ("report IN :reports AND report >= :from", {"reports": (1, 3), "from": 2}, [3]),
        ("test IN :tests", {"tests": [hash_test(("shop", "checkout"), "2")]}, [2]),
        ("test IN :tests", {"tests": [2**64 - 1, 0]}, []),
        ("test = :test", {"test": hash_test(("shop", "checkout"), "3")}, [3]),
        ("name IN :names", {"names": ["1", "it's", ":x"]}, [1]),
        ("name <> ':name' AND report < :n::BIGINT", {"n": 2}, [1]),
        ("path = :path", {"path": ["shop", "checkout"]}, [1, 2, 3]),
        ("path = :path", {"path": ["shop"]}, []),
    ],
)
def test_values_and_lists_are_put_in(
    store: Results, where: str, params: dict[str, object], expected: list[int]
) -> None:
    for each in (1, 2, 3):
        store.write(1, each, report(result(str(each))))
    sql = (
        f"SELECT report FROM results r JOIN tests t USING (profile, test) WHERE {where} ORDER BY 1"
    )
    assert [row for (row,) in store.ask(sql, params)] == expected


def test_values_are_never_read_as_sql(store: Results) -> None:
    hostile = "'; DROP TABLE results; --"
    store.write(1, 1, report(result(hostile)))
    sql = "SELECT count(*) FROM tests WHERE name = :name OR name IN :names"
    assert store.ask(sql, {"name": hostile, "names": [hostile, "x"]}) == [(1,)]


def test_reading_goes_on_while_a_report_is_written(store: Results) -> None:
    store.write(1, 1, wide_report(20_000))
    inside, go_on = threading.Event(), threading.Event()

    def slowly(batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            yield batch
            inside.set()
            assert go_on.wait(30)

    writer = threading.Thread(target=store.write, args=(1, 1, slowly(wide_report(10_000, 1))))
    writer.start()
    assert inside.wait(30)
    assert count(store, 1) == 20_000
    go_on.set()
    writer.join()
    assert count(store, 1) == 10_000


def test_readers_see_whole_reports_whatever_is_written_meanwhile(store: Results) -> None:
    store.write(1, 1, wide_report(1_000))
    done = threading.Event()
    seen: set[int] = set()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                seen.add(count(store, 1))
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for round_ in range(20):
        store.write(1, 1, wide_report(1_000 * (1 + round_ % 3), round_, size=500))
        store.delete(1, [2])
    done.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert seen <= {1_000, 2_000, 3_000}


def test_writers_take_turns(store: Results) -> None:
    def write(first: int) -> None:
        for each in range(first, first + 10):
            store.write(1, each, report(result("a"), result(f"b {each}")))

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert store.ask("SELECT count(*), uniqExact(report) FROM results", {}) == [(60, 30)]
    assert store.ask("SELECT count(*) FROM tests", {}) == [(31,)]


def test_the_functions_of_the_shared_dialect_mean_the_same_everywhere(store: Results) -> None:
    passed: list[Result] = [result(f"a{n}", duration=float(n)) for n in range(3)]
    store.write(1, 1, report(*passed, result("b", "failed", duration=9.0)))
    [row] = store.ask(
        "SELECT countIf(status = 1), sumIf(duration, status = 1), avgIf(duration, status = 1), "
        "argMax(position, duration), argMin(position, duration), uniqExact(status), "
        "arraySlice([1, 2, 3, 4], 2, 2), arrayStringConcat(['a', 'b'], '/'), lowerUTF8('ÀB'), "
        "substringUTF8('àbc', 1, 2), arraySort([2, 1]), indexOf([7, 8], 8), indexOf([7, 8], 9), "
        "positionCaseInsensitiveUTF8('xÀb', 'àB') > 0, toString(5), length(groupArray(test)), "
        "any_value(profile) FROM results",
        {},
    )
    assert row == (3, 3.0, 1.0, 3, 0, 2, [2, 3], "a/b", "àb", "àb", [1, 2], 2, 0, True, "5", 4, 1)


def test_an_address_nobody_serves_is_refused() -> None:
    with pytest.raises(Invalid, match="duckdb://"):
        open_results("mysql://somewhere")
