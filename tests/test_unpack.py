from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from assay.errors import Malformed, TooLarge
from assay.unpack import Limits, documents, listed

Pack = Callable[[bytes], bytes]

LIMITS = Limits(unpacked=10_000_000, members=100)


def names_and_bytes(path: Path, name: str = "x.zip", limits: Limits = LIMITS) -> dict[str, bytes]:
    return {doc.name: b"".join(doc.chunks()) for doc in documents(path, name, limits)}


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tar_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_a_plain_file_is_one_document(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(b"<testsuite/>")
    assert names_and_bytes(path, "r.xml") == {"r.xml": b"<testsuite/>"}


def test_a_report_that_a_form_encoded_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(b"%3Ctestsuite%20name%3D%22a%22%2F%3E")
    assert names_and_bytes(path, "r.xml") == {"r.xml": b'<testsuite name="a"/>'}


@pytest.mark.parametrize("pack", [lambda d: d, gzip.compress, zstandard.compress])
def test_a_tar_is_read_however_it_is_compressed(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "blob"
    path.write_bytes(pack(tar_of({"a/r.xml": b"<a/>", "b.txt": b"b"})))  # type: ignore[operator]
    assert names_and_bytes(path) == {"a/r.xml": b"<a/>", "b.txt": b"b"}


@pytest.mark.parametrize(
    ("pack", "name"), [(gzip.compress, "r.xml.gz"), (zstandard.compress, "r.xml.zst")]
)
def test_one_compressed_file_is_one_document(tmp_path: Path, pack: object, name: str) -> None:
    path = tmp_path / "blob"
    path.write_bytes(pack(b"<a/>"))  # type: ignore[operator]
    assert names_and_bytes(path, name) == {"r.xml": b"<a/>"}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_member_compressed_by_itself_is_unpacked_too(tmp_path: Path, pack: Pack) -> None:
    members = {"a/r.xml.gz": pack(b"<a/>" * 50_000), "blob": pack(b"b"), "c.txt": b"", "d": b"d"}
    unpacked = {"a/r.xml": b"<a/>" * 50_000, "blob": b"b", "c.txt": b"", "d": b"d"}
    assert names_and_bytes(zip_of(tmp_path / "blob", members)) == unpacked
    (tmp_path / "tar").write_bytes(tar_of(members))
    assert names_and_bytes(tmp_path / "tar") == unpacked


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_member_s_bomb_is_refused(tmp_path: Path, pack: Pack) -> None:
    path = zip_of(tmp_path / "blob", {"a.gz": pack(b"\0" * 10_000_001)})
    with pytest.raises(TooLarge):
        names_and_bytes(path)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_damaged_member_is_malformed(tmp_path: Path, pack: Pack) -> None:
    path = zip_of(tmp_path / "blob", {"a.gz": pack(b"abc" * 1000)[:10] + b"\xff" * 20})
    with pytest.raises(Malformed, match="damaged"):
        names_and_bytes(path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x", "a\\..\\..\\b"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = zip_of(tmp_path / "z", {"ok.xml": b"<a/>", name: b"x"})
    with pytest.raises(Malformed, match="outside itself"):
        names_and_bytes(path)


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {"zeros": b"\0" * 20_000_000})
    with pytest.raises(TooLarge, match="unpacks to more than 10 MB"):
        names_and_bytes(path)


def test_a_bomb_that_lies_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(gzip.compress(b"\0" * 20_000_000))
    with pytest.raises(TooLarge):
        names_and_bytes(path, "zeros.gz")
    path.write_bytes(gzip.compress(tar_of({"zeros": b"\0" * 20_000_000})))
    with pytest.raises(TooLarge):
        names_and_bytes(path, "zeros.tgz")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {f"f{n}": b"" for n in range(101)})
    with pytest.raises(TooLarge, match="100 members"):
        names_and_bytes(path)


def test_a_damaged_archive_is_malformed_not_a_crash(tmp_path: Path) -> None:
    whole = zip_of(tmp_path / "z", {"a.xml": b"<a/>" * 1000}).read_bytes()
    path = tmp_path / "blob"
    for cut in range(0, len(whole), 7):
        path.write_bytes(b"PK\x03\x04" + whole[4:cut])
        with pytest.raises(Malformed):
            names_and_bytes(path)


def test_an_encrypted_archive_says_what_to_do(tmp_path: Path) -> None:
    data = bytearray(zip_of(tmp_path / "z", {"a.xml": b"<a/>"}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "blob"
    path.write_bytes(data)
    with pytest.raises(Malformed, match="encrypted"):
        names_and_bytes(path)


def test_what_is_damaged_is_malformed_and_what_stands_before_it_is_read(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {"a.xml": b"<a/>", "b.xml": b"<b/>" * 1000})
    whole = path.read_bytes()
    place = whole.index(b"b.xml") + 8
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
    found = documents(path, "x.zip", LIMITS)
    assert b"".join(next(found).chunks()) == b"<a/>"
    with pytest.raises(Malformed, match="damaged"):
        list(next(found).chunks())


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_members_are_read_however_large_they_are_and_however_packed(
    tmp_path: Path, kind: int
) -> None:
    members = {"empty": b"", "b": b"b", "64k": b"c" * 65_536, "65k": b"d" * 65_537, "ü": b"e"}
    path = tmp_path / "z"
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert names_and_bytes(path) == members


def test_a_zip_that_was_written_to_a_pipe_is_read(tmp_path: Path) -> None:
    """Then sizes and checksums stand behind the members."""
    path = tmp_path / "z"
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<a/>")
        archive.writestr("b.xml", b"<b/>" * 50_000)
    path.write_bytes(pipe.written)
    assert names_and_bytes(path) == {"a.xml": b"<a/>", "b.xml": b"<b/>" * 50_000}


class Pipe(io.RawIOBase):
    """Can be written to, and nothing else."""

    written = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[call-overload]
        return len(data)  # type: ignore[arg-type]


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {"a.xml": b"\0" * 1_000_000})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Malformed, match="damaged"):
        names_and_bytes(path)


def test_a_member_under_another_name_than_the_directory_s_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {"a.xml": b"<a/>"})
    path.write_bytes(path.read_bytes().replace(b"a.xml", b"b.xml", 1))
    with pytest.raises(Malformed, match="damaged"):
        names_and_bytes(path)


def test_a_member_that_begins_before_the_file_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {"a.xml": b"<a/>", "b.xml": b"<b/>"})
    data = bytearray(path.read_bytes())
    end = data.index(b"PK\x05\x06")
    place = int.from_bytes(data[end + 16 : end + 20], "little")
    data[end + 16 : end + 20] = (place + 10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Malformed):
        names_and_bytes(path)


def test_what_lies_beside_a_member_is_known_from_the_start(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "z", {"a.xml": b"<a/>", "shots/pay.png": b"png"})
    first = next(documents(path, "x.zip", LIMITS))
    assert first.beside == ["a.xml", "shots/pay.png"]
    assert listed(path, "x.zip", LIMITS) == ["a.xml", "shots/pay.png"]
