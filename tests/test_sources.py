"""Results that are fetched: from where, which, when, and never the same twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import obstore
import pytest
from obstore.store import MemoryStore

from assay import rounds, sources
from assay.allowed import read_sources, sources_for
from assay.errors import AssayError, Invalid, TooLarge
from assay.settings import Settings
from assay.sources import Collected
from assay.store import Stores, open_stores
from assay.store.catalog import imports, profiles
from assay.store.catalog.profiles import Kind, Profile
from assay.store.places import Bucket, Folder, copy
from assay.tasks import work_once
from assay.workspace import origins
from assay.workspace.origins import WantedSource
from support.house import REPORT
from support.people import NOW, People, Person

LATER = REPORT.replace(b"2026-03-01T10:00:00", b"2026-03-02T10:00:00")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The folder that is allowed, with one report of an hour ago."""
    folder = tmp_path / "results"
    lay(folder / "web/build/TEST-cart.xml", REPORT)
    return folder


def lay(path: Path, data: bytes, at: datetime = NOW - timedelta(hours=1)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))


@pytest.fixture
def settings(catalog_url: str, tmp_path: Path, shelf: Path) -> Settings:
    allowed = f"nightly=file://{shelf}, hers@999=file://{shelf}"
    return Settings(data=tmp_path / "data", catalog=catalog_url, sources=allowed)


@pytest.fixture
def stores(settings: Settings, people: People) -> Iterator[Stores]:
    opened = open_stores(settings)
    yield opened
    opened.close()


@pytest.fixture
def active(stores: Stores, settings: Settings, alice: Person) -> Profile:
    return choose(stores, settings, alice, "web", "**/TEST-*.xml")


def choose(
    stores: Stores, settings: Settings, alice: Person, folder: str, pattern: str, schedule: str = ""
) -> Profile:
    wanted = WantedSource("nightly", folder, pattern, schedule)
    with stores.catalog.write() as conn:
        origins.set_source(conn, alice.caller(), settings, alice.profile.id, wanted, NOW)
    return again(stores, alice)


def again(stores: Stores, alice: Person) -> Profile:
    with stores.catalog.read() as conn:
        found = profiles.get(conn, alice.profile.id)
    assert found is not None
    return found


def fetch(
    stores: Stores, settings: Settings, alice: Person, now: datetime = NOW, *, patient: bool = False
) -> Collected:
    profile = again(stores, alice)
    return sources.collect(stores, settings, profile, user=None, now=now, patient=patient)


def names(stores: Stores, done: Collected) -> list[str]:
    assert done.found is not None
    with stores.catalog.read() as conn:
        return [each.file for each in imports.files(conn, done.found.id)]


def test_what_matches_becomes_one_import_like_an_upload(
    stores: Stores, settings: Settings, alice: Person, active: Profile, shelf: Path
) -> None:
    lay(shelf / "web/build/deep/TEST-pay.xml", LATER)
    lay(shelf / "web/build/log.txt", b"not asked for")
    lay(shelf / "other/TEST-other.xml", REPORT)
    done = fetch(stores, settings, alice)
    assert names(stores, done) == ["build/TEST-cart.xml", "build/deep/TEST-pay.xml"]
    assert done.said == "2 files fetched."
    assert done.found is not None
    assert done.found.options["metadata"] == {"source": "nightly", "folder": "web"}
    assert work_once(stores, settings, "worker", lambda: NOW)
    with stores.catalog.read() as conn:
        assert imports.get(conn, done.found.id).state == "done"  # type: ignore[union-attr]
        [first, _] = imports.files(conn, done.found.id)
    assert stores.blobs.read(first.blob) == REPORT


def test_the_same_files_are_fetched_once_and_more_files_again(
    stores: Stores, settings: Settings, alice: Person, active: Profile, shelf: Path
) -> None:
    assert fetch(stores, settings, alice).found is not None
    same = fetch(stores, settings, alice)
    assert same.found is None
    assert same.said == "Nothing new: the file that matches was fetched before."
    lay(shelf / "web/TEST-new.xml", LATER)
    assert len(names(stores, fetch(stores, settings, alice))) == 2
    lay(shelf / "web/TEST-new.xml", LATER, NOW)
    assert len(names(stores, fetch(stores, settings, alice, NOW + timedelta(hours=1)))) == 2
    setup = sources.setup_of(again(stores, alice))
    assert setup is not None
    assert (setup.said, setup.failed) == ("2 files fetched.", False)
    assert setup.looked_at == NOW + timedelta(hours=1)


def test_two_servers_fetch_it_once(
    stores: Stores, settings: Settings, alice: Person, active: Profile
) -> None:
    done: list[Collected] = []
    servers = [Thread(target=lambda: done.append(fetch(stores, settings, alice))) for _ in range(4)]
    for each in servers:
        each.start()
    for each in servers:
        each.join()
    assert len([each for each in done if each.found]) == 1
    assert len(stores.blobs.folders("uploads")) == 1


def test_no_link_leads_out_of_the_source(
    stores: Stores, settings: Settings, alice: Person, active: Profile, shelf: Path, tmp_path: Path
) -> None:
    lay(tmp_path / "secret/TEST-secret.xml", LATER)
    (shelf / "web/TEST-escape.xml").symlink_to(tmp_path / "secret/TEST-secret.xml")
    (shelf / "web/away").symlink_to(tmp_path / "secret")
    (shelf / "web/TEST-dangling.xml").symlink_to(tmp_path / "nowhere")
    (shelf / "web/TEST-round.xml").symlink_to(shelf / "web/TEST-round.xml")
    lay(shelf / "kept/other.xml", REPORT)
    (shelf / "web/TEST-inside.xml").symlink_to(shelf / "kept/other.xml")
    os.mkfifo(shelf / "web/TEST-pipe.xml")
    done = fetch(stores, settings, alice)
    assert names(stores, done) == ["TEST-inside.xml", "build/TEST-cart.xml"]
    place = Folder(shelf)
    for name in ("TEST-escape.xml", "away/TEST-secret.xml", "../../secret/TEST-secret.xml"):
        with pytest.raises(AssayError):
            list(place.chunks("web", name))
    with pytest.raises(Invalid, match="is no file"):
        list(place.chunks("web", "TEST-pipe.xml"))


@pytest.mark.parametrize("folder", ["nowhere", "web/build/TEST-cart.xml", "away"])
def test_a_folder_that_is_none_is_said(
    stores: Stores, settings: Settings, alice: Person, shelf: Path, tmp_path: Path, folder: str
) -> None:
    (shelf / "away").symlink_to(tmp_path)
    choose(stores, settings, alice, folder, "**/*.xml")
    with pytest.raises(Invalid, match=f"There is no folder {folder} in this source"):
        fetch(stores, settings, alice)
    setup = sources.setup_of(again(stores, alice))
    assert setup is not None
    assert setup.failed
    assert setup.said == f"There is no folder {folder} in this source."


def test_limits_are_those_of_an_upload(
    stores: Stores, settings: Settings, alice: Person, active: Profile, shelf: Path
) -> None:
    with pytest.raises(TooLarge, match="one import takes 0"):
        fetch(stores, settings.model_copy(update={"max_files": 0}), alice)
    with pytest.raises(TooLarge, match="one import takes 0 MB"):
        fetch(stores, settings.model_copy(update={"max_detect_bytes": 10}), alice)
    assert stores.blobs.folders("uploads") == []


def test_a_file_that_grows_while_it_is_copied_is_not_copied_without_end(
    shelf: Path, tmp_path: Path
) -> None:
    with pytest.raises(TooLarge, match="larger than the 10 bytes"):
        copy(Folder(shelf), "web", "build/TEST-cart.xml", tmp_path / "copy", 10)


def test_nothing_that_matches_is_said_with_what_was_looked_for(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    choose(stores, settings, alice, "", "*.json")
    with pytest.raises(Invalid, match=r"No file in nightly matches \*\.json"):
        fetch(stores, settings, alice)


def test_without_a_pattern_that_of_the_tool_counts(
    stores: Stores, settings: Settings, alice: Person, shelf: Path
) -> None:
    lay(shelf / "web/other.bin", b"x")
    choose(stores, settings, alice, "web", "")
    profile = again(stores, alice)
    assert sources.pattern_of(profile) == "**/*"
    setup = sources.setup_of(profile)
    assert setup is not None
    found = sources.preview(settings, profile, setup, "**/*.xml")
    assert (found.count, found.size, found.names) == (1, len(REPORT), ("build/TEST-cart.xml",))
    assert found.newest == NOW - timedelta(hours=1)


def test_a_schedule_fetches_and_leaves_what_is_still_being_written(
    stores: Stores, settings: Settings, alice: Person, shelf: Path
) -> None:
    profile = choose(stores, settings, alice, "web", "**/TEST-*.xml", "hourly")
    assert (profile.kind, profile.due_at) == (Kind.ACTIVE, NOW.replace(hour=10, minute=0))
    due = NOW.replace(hour=10, minute=0)
    lay(shelf / "web/TEST-half.xml", b"<testsu", due - timedelta(seconds=2))
    rounds.go_round(stores, settings, due)
    assert fetched(stores, alice) == 0
    assert again(stores, alice).due_at == due + rounds.SOON
    lay(shelf / "web/TEST-half.xml", LATER, due + timedelta(seconds=5))
    rounds.go_round(stores, settings, due + rounds.SOON)
    assert fetched(stores, alice) == 1
    assert again(stores, alice).due_at == due + timedelta(hours=1)
    rounds.go_round(stores, settings, due + timedelta(hours=1))
    assert fetched(stores, alice) == 1


def fetched(stores: Stores, alice: Person) -> int:
    with stores.catalog.read() as conn:
        return len(imports.of_profile(conn, alice.profile.id, limit=9))


def test_a_bucket_is_read_by_prefix(tmp_path: Path) -> None:
    store = MemoryStore()
    for name in ("gatling/a/simulation.log", "gatling/b.log", "gatlingx/c.log", "d.log"):
        obstore.put(store, name, name.encode())
    bucket = Bucket(store)
    assert sorted(each.name for each in bucket.files("gatling")) == ["a/simulation.log", "b.log"]
    assert len(list(bucket.files(""))) == 4
    copied = copy(bucket, "gatling", "a/simulation.log", tmp_path / "copy", 1000)
    assert (tmp_path / "copy").read_bytes() == b"gatling/a/simulation.log"
    assert copied.size == 24
    with pytest.raises(AssayError, match="cannot be read just now"):
        list(bucket.chunks("gatling", "gone"))
    with pytest.raises(Invalid):
        list(bucket.files("../other"))


def test_a_company_has_its_own_sources_and_everyones() -> None:
    settings = Settings(sources="all=file:///a  mine@7=s3://b/c\nyours@8=gs://d")
    assert [each.name for each in sources_for(settings, 7)] == ["all", "mine"]
    assert [each.url for each in sources_for(settings, 8)] == ["file:///a", "gs://d"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("nightly", "is not understood"), ("a=http://x", "is not understood"),
     ("a=file://relative", "is not understood"), ("a=file:///x a=file:///y", "twice"),
     ("a@b=file:///x", "is not understood")],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_sources(Settings(sources=text))


def test_where_anyone_may_come_in_a_source_says_whose_it_is() -> None:
    with pytest.raises(Invalid, match="Say whose it is: a@COMPANY="):
        read_sources(Settings(sources="a=file:///x", sign_up="open"))
    assert read_sources(Settings(sources="a@1=file:///x", sign_up="open"))[0].company == 1


@pytest.mark.parametrize("name", ["hers", "nowhere", ""])
def test_another_companys_source_is_none(
    stores: Stores, settings: Settings, alice: Person, name: str
) -> None:
    wanted = WantedSource(name)
    with stores.catalog.write() as conn, pytest.raises(Invalid) as caught:
        origins.set_source(conn, alice.caller(), settings, alice.profile.id, wanted, NOW)
    assert caught.value.field == "source"


def test_a_folder_does_not_climb(stores: Stores, settings: Settings, alice: Person) -> None:
    wanted = WantedSource("nightly", "web/../..")
    with stores.catalog.write() as conn, pytest.raises(Invalid) as caught:
        origins.set_source(conn, alice.caller(), settings, alice.profile.id, wanted, NOW)
    assert caught.value.field == "folder"
