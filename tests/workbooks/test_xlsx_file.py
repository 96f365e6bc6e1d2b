"""The .xlsx file on the disk: what is refused and why, and that nothing is ever half written."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import openpyxl
import pytest

from sheetsync import locales
from sheetsync.errors import ConflictError, LockedError, SheetsyncError, TargetError
from sheetsync.layout import Column
from sheetsync.workbooks.xlsx.file import backup_of, load, replace
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.workbooks.contract import SMALL, planned, wanted
from tests.workbooks.excel import ExcelOperator

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def crm(tmp_path: Path) -> XlsxWorkbook:
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    workbook.provision(wanted())
    ExcelOperator(workbook.path).append("Leads", {"ID": "L-00001", "Name": "Anna"})
    return workbook


def scored(workbook: XlsxWorkbook, score: int = 7) -> None:
    """Refresh: one score."""
    base = workbook.read()
    workbook.apply(planned(base, columns={"leads": {"L-00001": {"score": score}}}))


def zipped(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")


def make_missing(path: Path) -> None:
    pass


def make_folder(path: Path) -> None:
    path.mkdir()


def make_csv(path: Path) -> None:
    path.write_text("ID,Name\nL-00001,Anna\n")


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def make_document(path: Path) -> None:
    zipped(path, "[Content_Types].xml", "word/document.xml")


def make_old(path: Path) -> None:
    path.write_bytes(OLE)


def make_encrypted(path: Path) -> None:
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))


def make_truncated(path: Path) -> None:
    XlsxWorkbook(path).provision(wanted())
    path.write_bytes(path.read_bytes()[:3000])


def make_garbled(path: Path) -> None:
    XlsxWorkbook(path).provision(wanted())
    edit_parts(path, lambda name, data: data[:-20] if name == "xl/worksheets/sheet1.xml" else data)


def make_strict(path: Path) -> None:
    XlsxWorkbook(path).provision(wanted())
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    edit_parts(path, lambda _, data: data.replace(main, strict))


def make_plain(path: Path) -> None:
    openpyxl.Workbook().save(path)


def edit_parts(path: Path, change) -> None:
    """Rewrite the parts of a package: (name, data) -> data, None takes a part out."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: change(info.filename, old.read(info)) for info in old.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            if data is not None:
                new.writestr(name, data)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (make_missing, "xlsx_not_found"),
        (make_folder, "xlsx_not_a_workbook"),
        (make_csv, "xlsx_not_a_workbook"),
        (make_empty, "xlsx_not_a_workbook"),
        (make_document, "xlsx_not_a_workbook"),
        (make_old, "xlsx_old_format"),
        (make_encrypted, "xlsx_encrypted"),
        (make_truncated, "xlsx_broken"),
        (make_garbled, "xlsx_broken"),
        (make_strict, "xlsx_strict"),
        (make_plain, "xlsx_no_crm"),
    ],
)
def test_what_is_no_crm_is_told_in_one_sentence(tmp_path: Path, make, key: str) -> None:
    path = tmp_path / "crm.xlsx"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(TargetError) as caught:
        XlsxWorkbook(path).read()
    assert caught.value.key == key
    assert str(path) in caught.value.sentence(locales.load("ru"))
    assert str(path) in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("make", [make_csv, make_old, make_encrypted, make_truncated])
def test_provisioning_does_not_write_over_what_is_no_workbook(tmp_path: Path, make) -> None:
    path = tmp_path / "crm.xlsx"
    make(path)
    before = path.read_bytes()
    with pytest.raises(TargetError):
        XlsxWorkbook(path).provision(wanted())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_every_error_of_the_file_speaks_both_languages() -> None:
    en, ru = locales.load("en"), locales.load("ru")
    keys = [key for key in en.messages if key.startswith("errors.xlsx_")]
    assert len(keys) >= 13
    for key in keys:
        values = {"path": "p", "folder": "f", "who": "w", "lock": "l"}
        assert en(key, **values) != ru(key, **values)


# --- other programs -------------------------------------------------------------------------


def libreoffice_lock(path: Path) -> Path:
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(",anna,office-pc,21.11.2026 10:30,file:///home/anna/.config/libreoffice/4;")
    return lock


def excel_lock(path: Path) -> Path:
    lock = path.with_name(f"~${path.name}")
    name = "Анна Ким"
    padded = name.encode("cp1251").ljust(54, b" ")
    wide = len(name).to_bytes(2, "little") + name.encode("utf-16-le").ljust(108, b" ")
    lock.write_bytes(bytes([len(name)]) + padded + wide)
    return lock


@pytest.mark.parametrize(
    ("make", "who"), [(libreoffice_lock, "anna @ office-pc"), (excel_lock, "Анна Ким")]
)
def test_a_file_open_elsewhere_is_read_but_not_written(crm: XlsxWorkbook, make, who: str) -> None:
    lock = make(crm.path)
    before = crm.path.read_bytes()
    base = crm.read()
    plan = planned(base, columns={"leads": {"L-00001": {"score": 7}}})
    with pytest.raises(LockedError) as caught:
        crm.apply(plan)
    assert who in str(caught.value)
    assert lock.name in str(caught.value)
    more = wanted(meta={"lang": "en", "kind": "general", "layout": "2"})
    with pytest.raises(LockedError):
        crm.provision(more)
    assert crm.provision(more, dry_run=True).steps
    assert crm.path.read_bytes() == before
    lock.unlink()
    assert crm.apply(plan).cells == 1


def test_a_plan_for_a_file_that_changed_is_refused(crm: XlsxWorkbook) -> None:
    base = crm.read()
    ExcelOperator(crm.path).type("Leads", 2, "Name", "Anna K.")
    before = crm.path.read_bytes()
    with pytest.raises(ConflictError):
        crm.apply(planned(base, columns={"leads": {"L-00001": {"score": 7}}}))
    assert crm.path.read_bytes() == before


def test_a_file_that_was_only_touched_is_not_changed(crm: XlsxWorkbook) -> None:
    base = crm.read()
    os.utime(crm.path, (1, 1))
    assert crm.apply(planned(base, columns={"leads": {"L-00001": {"score": 7}}})).cells == 1


def test_a_file_written_while_we_write_is_kept(crm: XlsxWorkbook) -> None:
    _, stamp = load(crm.path)

    def write(out: BinaryIO) -> None:
        out.write(b"ours")
        crm.path.write_bytes(b"somebody else's")

    with pytest.raises(ConflictError):
        replace(crm.path, write, base=stamp)
    assert crm.path.read_bytes() == b"somebody else's"


def test_a_file_that_vanished_is_not_made_again(crm: XlsxWorkbook) -> None:
    base = crm.read()
    crm.path.unlink()
    with pytest.raises(SheetsyncError):
        crm.apply(planned(base, columns={"leads": {"L-00001": {"score": 7}}}))
    assert not crm.path.exists()


# --- replacing ------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, OSError])
def test_a_write_that_fails_half_way_leaves_everything_as_it_was(
    crm: XlsxWorkbook, error: type[BaseException]
) -> None:
    before, stamp = load(crm.path)
    files = sorted(crm.path.parent.iterdir())

    def write(out: BinaryIO) -> None:
        out.write(before[:1000])
        raise error

    with pytest.raises((error, TargetError)):
        replace(crm.path, write, base=stamp)
    assert crm.path.read_bytes() == before
    assert sorted(crm.path.parent.iterdir()) == files


def test_the_previous_version_is_kept_beside(crm: XlsxWorkbook) -> None:
    first = crm.path.read_bytes()
    base = crm.read()
    receipt = crm.apply(planned(base, columns={"leads": {"L-00001": {"score": 7}}}))
    assert receipt.backup == str(crm.path.with_name("crm.backup.xlsx"))
    assert backup_of(crm.path).read_bytes() == first
    second = crm.path.read_bytes()
    scored(crm, 8)
    assert backup_of(crm.path).read_bytes() == second
    names = {path.name for path in crm.path.parent.iterdir()}
    assert names == {"crm.xlsx", "crm.backup.xlsx"}


def test_an_empty_plan_does_not_touch_the_file(crm: XlsxWorkbook) -> None:
    before = crm.path.stat()
    crm.apply(planned(crm.read()))
    after = crm.path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_provisioning_again_leaves_the_very_same_file(tmp_path: Path) -> None:
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    workbook.provision(wanted())
    before, status = workbook.path.read_bytes(), workbook.path.stat()
    workbook.provision(wanted())
    assert workbook.path.read_bytes() == before
    assert workbook.path.stat().st_mtime_ns == status.st_mtime_ns
    assert list(tmp_path.iterdir()) == [workbook.path]


def test_a_dry_run_makes_no_file(tmp_path: Path) -> None:
    XlsxWorkbook(tmp_path / "crm.xlsx").provision(wanted(), dry_run=True)
    assert list(tmp_path.iterdir()) == []


def test_the_same_crm_is_the_same_file(tmp_path: Path) -> None:
    one, two = XlsxWorkbook(tmp_path / "one.xlsx"), XlsxWorkbook(tmp_path / "two.xlsx")
    one.provision(wanted())
    two.provision(wanted())
    assert one.path.read_bytes() == two.path.read_bytes()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "no" / "such"
    with pytest.raises(TargetError, match=re.escape(str(folder))):
        XlsxWorkbook(folder / "crm.xlsx").provision(wanted())
    assert list(tmp_path.iterdir()) == []


@contextmanager
def nobody() -> Iterator[None]:
    """As a person without special rights: root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="needs file modes")
def test_a_folder_that_cannot_be_written_is_named(crm: XlsxWorkbook) -> None:
    # Not below tmp_path, whose parents only their owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crm.xlsx"
        shutil.copy(crm.path, path)
        path.parent.chmod(0o555)
        there = XlsxWorkbook(path)
        with nobody(), pytest.raises(TargetError, match="written"):
            there.apply(planned(there.read(), columns={"leads": {"L-00001": {"score": 7}}}))
        assert path.read_bytes() == crm.path.read_bytes()
        path.parent.chmod(0o755)


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_read_only_file_is_left_alone(crm: XlsxWorkbook, mode: int) -> None:
    before = crm.path.read_bytes()
    crm.path.chmod(mode)
    names = sorted(crm.path.parent.iterdir())
    with pytest.raises(TargetError, match="read-only"):
        scored(crm)
    want = wanted(SMALL.with_columns("leads", [Column("company")]))
    with pytest.raises(TargetError, match="read-only"):
        crm.provision(want)
    assert crm.path.read_bytes() == before
    assert sorted(crm.path.parent.iterdir()) == names
    crm.path.chmod(0o644)
    scored(crm)
    assert ExcelOperator(crm.path).cell("Leads", 2, "Score") == 7


@pytest.mark.skipif(os.name != "posix", reason="needs file modes")
def test_a_file_that_only_others_may_write_is_left_alone(crm: XlsxWorkbook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crm.xlsx"
        shutil.copy(crm.path, path)
        path.chmod(0o644 if os.geteuid() == 0 else 0o444)
        path.parent.chmod(0o777)
        there = XlsxWorkbook(path)
        with nobody(), pytest.raises(TargetError, match="read-only"):
            scored(there)
        assert list(Path(folder).iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links and file modes")
def test_links_and_rights_stay(crm: XlsxWorkbook, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.xlsx"
    link.symlink_to(crm.path)
    crm.path.chmod(0o640)
    scored(XlsxWorkbook(link))
    assert link.is_symlink()
    assert crm.path.stat().st_mode & 0o777 == 0o640
    assert ExcelOperator(crm.path).cell("Leads", 2, "Score") == 7
