"""A blob that grows, in a folder and in an object store."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from assay.errors import Unavailable
from assay.store.blobs import Blobs
from assay.store.journal import Journal


@pytest.fixture(params=["folder", "objects"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(f"file://{tmp_path}/blobs" if request.param == "folder" else "memory:///")


def copied(journal: Journal, size: int, tmp_path: Path) -> bytes:
    journal.copy(size, tmp_path / "copy")
    return (tmp_path / "copy").read_bytes()


def test_it_can_be_read_while_it_grows_and_is_a_blob_in_the_end(
    blobs: Blobs, tmp_path: Path
) -> None:
    journal = Journal(blobs, "uploads/one/0")
    assert copied(journal, 0, tmp_path) == b""
    journal.append(0, b"one\n")
    journal.append(4, b"two\n")
    assert copied(journal, 8, tmp_path) == b"one\ntwo\n"
    assert b"".join(journal.read(6)) == b"one\ntw"
    for _ in range(2):  # the one who closed it may have died
        assert journal.close(8).sha256 == sha256(b"one\ntwo\n").hexdigest()
    journal.clear()
    assert blobs.read("uploads/one/0") == b"one\ntwo\n"


def test_what_was_not_acknowledged_is_written_over(blobs: Blobs, tmp_path: Path) -> None:
    journal = Journal(blobs, "uploads/two/0")
    journal.append(0, b"one\n")
    journal.append(4, b"a long line of which nobody has heard\n")
    assert copied(journal, 4, tmp_path) == b"one\n"
    journal.append(4, b"two\n")
    assert journal.close(8).size == 8
    assert blobs.read("uploads/two/0") == b"one\ntwo\n"


def test_an_empty_one_is_an_empty_blob(blobs: Blobs) -> None:
    journal = Journal(blobs, "uploads/three/0")
    assert journal.close(0).size == 0
    assert blobs.read("uploads/three/0") == b""


def test_a_folder_that_lost_bytes_says_so(tmp_path: Path) -> None:
    journal = Journal(Blobs(f"file://{tmp_path}/blobs"), "uploads/four/0")
    with pytest.raises(Unavailable, match="lost"):
        journal.append(10, b"x")
