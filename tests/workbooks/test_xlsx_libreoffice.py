"""LibreOffice opens what we write, shows it, and gives back what we need to know."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from sheetsync import crm
from sheetsync.workbooks.base import Provision
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.workbooks.contract import EN, META, planned

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")

LAYOUT = crm.layout("general", [("S-01", "Contract, signed")])
WANT = Provision(
    LAYOUT,
    EN,
    {
        "statuses": [
            {"status": "New", "kind": "open", "order": 1},
            {"status": "Paid", "kind": "won", "order": 2},
            {"status": "Lost", "kind": "lost", "order": 3},
        ],
        "leads": [
            {"id": "L-00001", "name": "Anna", "status": "New"},
            {"id": "L-00002", "name": "Boris", "status": "Paid"},
            {"id": "L-00003", "name": "Clara", "status": "Lost", "budget": "lots"},
            # The one test that must live in the present: rules ask the office's own clock.
            {
                "id": "L-00004",
                "name": "Dina",
                "status": "New",
                "next_action": date.today() - timedelta(days=9),
            },
            {"id": "L-00005", "name": "Egor", "status": "New", "next_action": date.today()},
        ],
    },
    META,
)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


def converted(path: Path, kind: str, profile: Path) -> Path:
    """The file as LibreOffice saves it, in a folder beside."""
    folder = path.parent / f"as_{kind}"
    subprocess.run(
        [
            str(OFFICE),
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            *("--convert-to", kind, "--outdir", str(folder), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{path.stem}.{kind}"


@pytest.fixture
def workbook(tmp_path: Path) -> XlsxWorkbook:
    made = XlsxWorkbook(tmp_path / "crm.xlsx")
    made.provision(WANT)
    lines = {
        "L-00001": {
            "score": 80,
            "tier": "A",
            "tier_key": "a",
            "why": "=1+1",
            "fingerprint": "anna",
        },
        "L-00002": {"score": 40, "tier": "B", "tier_key": "b"},
        "L-00003": {"score": 1, "tier": "C", "tier_key": "c", "problems": "|budget|"},
    }
    made.apply(planned(made.read(), layout=LAYOUT, columns={"leads": lines}))
    return made


def test_what_it_saves_is_still_our_crm(workbook: XlsxWorkbook, profile: Path) -> None:
    before = workbook.read()
    again = XlsxWorkbook(converted(workbook.path, "xlsx", profile))
    after = again.read()
    assert (after.revision, after.meta) == (before.revision, before.meta)
    assert after.tabs.keys() == before.tabs.keys()
    for key, data in before.tabs.items():
        assert after.tabs[key].frame.astype(object).equals(data.frame.astype(object)), key
        assert after.tabs[key].headers == data.headers
        assert after.tabs[key].stored.equals(data.stored)
    assert again.provision(WANT).steps == ()
    line = {"L-00002": {"score": 41, "why": "again"}}
    again.apply(planned(after, layout=LAYOUT, columns={"leads": line}))
    leads = again.read().tabs["leads"].frame
    assert leads["score"].tolist() == [80, 41, 1, None, None]
    assert leads["why"].tolist() == ["=1+1", "again", None, None, None]


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed")
def test_its_picture_has_the_colours_of_our_rules(workbook: XlsxWorkbook, profile: Path) -> None:
    pdf = converted(workbook.path, "pdf", profile)
    subprocess.run(
        ["pdftoppm", "-r", "200", "-l", "1", str(pdf), str(pdf.with_suffix(""))], check=True
    )
    picture = next(pdf.parent.glob("*.ppm")).read_bytes()
    pixels = picture.split(b"\n", 3)[3]
    found = Counter(pixels[place : place + 3].hex().upper() for place in range(0, len(pixels), 3))
    shown = {
        "won": "CDEBC8",
        "lost": "ECECEC",
        "overdue": "F4A9A0",
        "due today": "FFD58A",
        "unreadable": "E7C6F2",
        "best score": "A8DBA8",
        "tier B": "FFE8A3",
        "a person's header": "2F5D7C",
        "a header of ours": "E3E8EE",
    }
    assert {name for name, colour in shown.items() if found[colour] < 20} == set()
