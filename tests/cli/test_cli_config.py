"""sheetsync.toml: found from below, written once, and never over another one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sheetsync.cli import config
from sheetsync.errors import InputError
from sheetsync.locales import load

EN = load("en")


def test_it_is_found_in_the_folder_or_above(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / config.NAME).write_text('target = "shop.xlsx"\n')
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert Path(config.resolve(None).target) == folder / "shop.xlsx"


def test_the_nearest_one_wins(folder: Path) -> None:
    (folder / config.NAME).write_text('target = "outer.xlsx"\n')
    inner = folder / "inner"
    inner.mkdir()
    (inner / config.NAME).write_text('target = "inner.xlsx"\n')
    found = config.find(inner)
    assert found is not None
    assert Path(found.target) == Path("inner", "inner.xlsx")


def test_a_named_target_wins_over_the_file_and_keeps_its_credentials(folder: Path) -> None:
    (folder / config.NAME).write_text('target = "shop.xlsx"\ncredentials = "key.json"\n')
    assert config.resolve("other.xlsx") == config.Where("other.xlsx", folder / "key.json")
    assert config.resolve("x.xlsx", Path("mine.json")).credentials == Path("mine.json")


def test_an_address_stays_an_address(folder: Path) -> None:
    address = "https://docs.google.com/spreadsheets/d/1AbC_d-E/edit#gid=0"
    assert config.write(folder, address, None, EN) == folder / config.NAME
    assert config.resolve(None) == config.Where(address, None)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", ['we"ird.xlsx', "back\\slash.xlsx", "имя с пробелом.xlsx"])
def test_what_is_written_reads_back_as_it_was(folder: Path, name: str, lang: str) -> None:
    config.write(folder, name, Path("secret.json"), load(lang))
    said = tomllib.loads((folder / config.NAME).read_text(encoding="utf-8"))
    assert Path(folder, said["target"]) == Path(folder, name)
    assert config.resolve(None).credentials == folder / "secret.json"


def test_paths_below_the_folder_are_kept_relative(folder: Path) -> None:
    config.write(folder, str(folder / "data" / "shop.xlsx"), None, EN)
    said = tomllib.loads((folder / config.NAME).read_text(encoding="utf-8"))
    assert said["target"] == "data/shop.xlsx"


def test_paths_elsewhere_are_kept_whole(folder: Path, tmp_path: Path) -> None:
    config.write(folder, str(tmp_path / "shop.xlsx"), None, EN)
    assert Path(config.resolve(None).target) == tmp_path / "shop.xlsx"


def test_another_file_is_never_overwritten(folder: Path) -> None:
    (folder / config.NAME).write_text('target = "first.xlsx"\n')
    assert config.write(folder, "second.xlsx", None, EN) is None
    assert (folder / config.NAME).read_text() == 'target = "first.xlsx"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("target = shop.xlsx", "config_unreadable"),
        ("", "config_no_target"),
        ("target = 5", "config_no_target"),
        ('target = "a.xlsx"\ncredentials = 1', "config_bad_credentials"),
    ],
)
def test_a_file_that_says_nothing_useful_is_an_error_that_names_it(
    folder: Path, text: str, key: str
) -> None:
    (folder / config.NAME).write_text(text)
    with pytest.raises(InputError) as caught:
        config.resolve(None)
    assert caught.value.key == key
    for lang in ("en", "ru"):
        assert str(folder / config.NAME) in caught.value.sentence(load(lang))
