"""How the command line speaks: languages, help, mistakes, failures."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from sheetsync import crm
from sheetsync.cli import inputs, main
from sheetsync.cli.app import COMMANDS, choose_language
from sheetsync.cli.terminal import Table, Terminal, plain
from sheetsync.locales import load
from tests.cli.conftest import Run

RU = {"SHEETSYNC_LANG": "ru"}


@pytest.mark.parametrize(
    ("args", "env", "lang"),
    [
        ([], {}, "en"),
        ([], {"LANG": "ru_RU.UTF-8"}, "ru"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LC_ALL": "en_US.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "ru_RU", "LANG": "en_US"}, "ru"),
        ([], {"LC_ALL": "C", "LANG": "ru_RU.UTF-8"}, "en"),
        (["demo", "--lang", "ru"], {"LANG": "en_US.UTF-8"}, "ru"),
        (["demo", "--lang=ru"], {}, "ru"),
        (["demo", "--lang", "ru"], {"SHEETSYNC_LANG": "en"}, "en"),
        (["demo", "--lang"], {}, "en"),
        ([], {"SHEETSYNC_LANG": "klingon", "LANG": "ru_RU"}, "ru"),
    ],
)
def test_the_language_is_the_readers(args: list[str], env: dict[str, str], lang: str) -> None:
    assert choose_language(args, env) == lang


def test_help_lists_every_command(run: Run) -> None:
    shown = run("--help").output
    for name in COMMANDS:
        assert f"  {name}" in shown
    assert "Usage: sheetsync COMMAND" in shown
    assert run().output == shown


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_in_both_languages(
    run: Run, name: str, lang: str
) -> None:
    words = load(lang)
    shown = run(name, "--help", env={"SHEETSYNC_LANG": lang}).output
    assert words("cli.headings.usage") in shown
    assert words("cli.headings.examples") in shown
    assert shown.count(f"  sheetsync {name}") >= 2
    command = main.get_command(click.Context(main, obj=None), name)
    assert command is not None
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.opts[-1] in shown


def test_every_option_of_every_command_exists_in_the_texts() -> None:
    words = load("en")
    for name in COMMANDS:
        command = main.get_command(click.Context(main, obj=None), name)
        assert command is not None
        for param in command.params:
            if isinstance(param, click.Option):
                own, shared = f"cli.{name}.options.{param.name}", f"cli.options.{param.name}"
                assert own in words or shared in words


def test_kinds_on_the_command_line_are_those_of_the_crm() -> None:
    assert inputs.KINDS == crm.KINDS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["refersh"], 'There is no command "refersh".'),
        (["refresh", "--dryrun"], "There is no option --dryrun."),
        (["refresh", "--today", "21.11.2026"], '"21.11.2026" is not a date'),
        (["refresh", "a.xlsx", "b.xlsx"], '"b.xlsx" is one word too many.'),
        (["demo", "--leads", "0"], '"0" is not a whole number from 1 to'),
        (["demo", "--leads", "many"], '"many" is not a whole number'),
        (["demo", "--lang", "fr"], '"fr" is none of en, ru.'),
        (["init"], "TARGET is missing."),
        (["init", "a.xlsx", "--kind", "bakery"], '"bakery" is none of general, travel'),
        (["export", "a.xlsx"], "--tab is missing."),
        (["export", "a.xlsx", "--tab"], "--tab needs a value."),
        (["export", "a.xlsx", "--tab", "leads", "--format", "xml"], '"xml" is none of csv, json.'),
        (["explain"], "LEAD is missing."),
    ],
    ids=" ".join,
)
def test_a_mistake_on_the_command_line_is_told_in_a_sentence(
    run: Run, line: list[str], said: str
) -> None:
    result = run(*line, code=2)
    assert said in result.stderr
    assert "--help" in result.stderr
    assert result.stdout == ""


def test_a_mistake_is_told_in_russian_to_russians(run: Run) -> None:
    assert "Команды «refersh» нет." in run("refersh", code=2, env=RU).stderr
    assert "Не хватает TARGET." in run("init", code=2, env=RU).stderr
    assert "можно: en, ru" in run("demo", "--lang", "fr", code=2, env=RU).stderr


def test_a_likely_option_is_offered(run: Run) -> None:
    assert "--dry-run" in run("refresh", "--dry-runn", code=2).stderr


def test_without_a_target_the_sentence_says_how_to_name_one(run: Run) -> None:
    for line in (["refresh"], ["export", "--tab", "leads"], ["explain", "12"], ["doctor"]):
        result = run(*line, code=1)
        assert "sheetsync init" in result.stderr
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1


def test_an_interrupt_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sheetsync.cli.config.find", interrupt)
    result = run("refresh", "shop.xlsx", code=1)
    assert result.stderr.strip() == load("en")("cli.failures.stopped")


def test_a_failure_that_nobody_foresaw_is_short_and_names_the_way_to_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the moon")

    monkeypatch.setattr("sheetsync.cli.config.find", fail)
    told = run("refresh", "shop.xlsx", code=1).stderr
    assert "RuntimeError: the moon" in told
    assert "SHEETSYNC_DEBUG=1" in told
    assert "Traceback" not in told
    debugging = run("refresh", "shop.xlsx", code=1, env={"SHEETSYNC_DEBUG": "1"}).stderr
    assert "Traceback" in debugging


def test_a_system_error_names_the_file_and_the_reason(run: Run, folder: Path) -> None:
    (folder / "taken").write_text("not a folder")
    told = run("demo", "taken", "--leads", "1", code=1).stderr
    assert "taken" in told
    assert "Traceback" not in told


def test_plain_tables_are_aligned_and_end_without_blanks() -> None:
    table = Table(("name", "n"), [("Anna", "7"), ("Bo", "120")], right=frozenset({1}))
    assert list(plain(table)) == ["name    n", "Anna    7", "Bo    120"]


def test_a_quick_stage_is_not_mentioned_and_a_slow_one_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.5, 1.5])
    monkeypatch.setattr("sheetsync.cli.terminal.time.monotonic", lambda: next(clock))
    with Terminal(load("en")).progress() as progress:
        progress("read")
        progress("write")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "Writing\n"


def test_a_wait_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal(load("ru")).progress() as progress:
        progress.wait("busy", 12.4)
    assert "через 12 с" in capsys.readouterr().err
