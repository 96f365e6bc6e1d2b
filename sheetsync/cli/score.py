"""``sheetsync score``: what the shop's own past says about its scoring rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetsync.cli import config, inputs, machine, show
from sheetsync.cli.app import Command, Group, Option
from sheetsync.cli.refresh import CHANGES_FOUND
from sheetsync.cli.terminal import Table, Terminal
from sheetsync.locales import Words

if TYPE_CHECKING:
    from sheetsync.crm.scorecard import Auc, Leak, Proposal, ProposedRule
    from sheetsync.sync.scorecard import FittedScores

MOST_RULES = 12
"""As :data:`sheetsync.crm.scorecard.MOST_RULES`; a test compares the two."""

_WORDS_FOR_AUC = ((0.6, "hardly"), (0.7, "somewhat"), (0.8, "well"), (0.9, "very_well"))
"""Below which AUC it is called what; see Hosmer, Lemeshow & Sturdivant (2013), "Applied Logistic
Regression", section 5.2.4."""

_NEAR = 0.015
"""So much AUC, a hundredth as it is shown, less than a regression's is nothing to speak of."""


@click.group("score", cls=Group)
def command() -> None:
    """Scores."""


@command.command("fit", cls=Command)
@inputs.target
@click.option("--apply", "apply", cls=Option, is_flag=True)
@click.option("--on", "on", cls=Option, is_flag=True)
@inputs.dry_run
@click.option(
    "--max-rules",
    cls=Option,
    metavar="N",
    default=str(MOST_RULES),
    callback=inputs.count(1, MOST_RULES),
)
@inputs.as_json
@inputs.today
@inputs.credentials
@click.pass_context
def fit(
    ctx: click.Context,
    target: str | None,
    apply: bool,
    on: bool,
    dry_run: bool,
    max_rules: int,
    as_json: bool,
    today: date | None,
    credentials: Path | None,
) -> int:
    """Learn a scorecard; returns the exit code."""
    terminal: Terminal = ctx.find_root().obj
    for given, name in ((on, "--on"), (dry_run, "--dry-run")):
        if given and not apply:
            raise click.UsageError(terminal.words("cli.score.fit.needs_apply", option=name), ctx)
    where = config.resolve(target, credentials)
    with terminal.progress() as progress:
        from sheetsync.sync.scorecard import fit_scores
        from sheetsync.sync.targets import open_workbook

        workbook = open_workbook(where.target, credentials=where.credentials, notify=progress.wait)
        done = fit_scores(
            workbook,
            max_rules=max_rules,
            apply=apply,
            on=on,
            dry_run=dry_run,
            today=today,
            progress=progress,
        )
    if as_json:
        terminal.say(machine.dumps(answer(done)))
    else:
        _tell(terminal, done)
        if done.refreshed is not None:
            _tell_applied(terminal, done, on)
    return CHANGES_FOUND if dry_run and done.added else 0


def answer(done: FittedScores) -> dict[str, Any]:
    """Everything that was learned and done, with language-neutral keys.

    ``auc`` holds, for the same held-out leads, the proposal, today's rules and a plain logistic
    regression over the same columns; ``fitted`` is of the leads that the proposal was made from.
    ``lost_to_regression`` is how much lower the proposal's is than the regression's; below zero
    where the rules tell more.
    ``lift`` is by the best-scored tenth and fifth of all leads.
    """
    proposal, sample = done.proposal, done.proposal.sample
    plan = None if done.refreshed is None else machine.plan(done.refreshed.plan)
    return {
        "workbook": done.understood.snapshot.label,
        "today": done.understood.book.today.isoformat(),
        "leads": {
            "used": len(sample.won),
            "won": sample.wins,
            "not_won": sample.losses,
            "closed": sample.closed,
            "left_out": {
                "young": sample.young,
                "open": sample.open_mature,
                "older": sample.older,
            },
            "cycle_days": machine.value(sample.cycle),
        },
        "limit": proposal.limit,
        "columns": list(proposal.columns),
        "rules": [_rule(rule) for rule in proposal.rules],
        "auc": {
            "proposed": _auc(proposal.held_out),
            "fitted": _auc(proposal.fitted),
            "today": _auc(proposal.today),
            "logistic_regression": _auc(proposal.plain),
        },
        "lost_to_regression": round(proposal.plain.value - proposal.held_out.value, 4),
        "lift": {"proposed": _lift(proposal.lift), "today": _lift(proposal.today_lift)},
        "better_than_chance": proposal.worth_it,
        "today_looks_at_outcome": list(proposal.today_knows),
        "warnings": [
            {
                "column": leak.column,
                "header": leak.field,
                "reason": leak.reason,
                "left_out": leak.left_out,
                **{key: machine.value(value) for key, value in leak.counts.items()},
            }
            for leak in proposal.leaks
        ],
        "added": len(done.added),
        "applied": done.refreshed is not None and done.refreshed.receipt is not None,
        "plan": plan,
    }


def _rule(rule: ProposedRule) -> dict[str, Any]:
    return {
        "column": rule.column,
        "field": rule.cells["field"],
        "condition": rule.condition,
        "values": [machine.value(value) for value in rule.values],
        "value": machine.value(rule.cells["value"]),
        "points": rule.points,
        "leads": rule.leads,
        "won": rule.won,
        "others": rule.others,
        "others_won": rule.others_won,
        "all_leads": rule.all_leads,
        "row": rule.row,
        "row_on": rule.row_on,
    }


def _auc(auc: Auc | None) -> dict[str, float] | None:
    if auc is None:
        return None
    return {name: round(getattr(auc, name), 4) for name in ("value", "low", "high")}


def _lift(lift: Mapping[float, float]) -> dict[str, float] | None:
    return {f"{part:g}": round(times, 3) for part, times in lift.items()} or None


def _tell(terminal: Terminal, done: FittedScores) -> None:
    words, proposal, book = terminal.words, done.proposal, done.understood.book
    sample = proposal.sample
    terminal.say(words("cli.score.fit.learned", n=len(sample.won), won=sample.wins))
    for key, n in (
        ("young", sample.young),
        ("open", sample.open_mature),
        ("older", sample.older),
    ):
        if n:
            days = "" if machine.missing(sample.cycle) else f"{sample.cycle:.0f}"
            terminal.note(words(f"cli.score.fit.left_out.{key}", n=n, days=days))
    if machine.missing(sample.cycle):
        terminal.note(words("cli.score.fit.no_cycle"))

    terminal.heading(words("cli.score.fit.rules"))
    terminal.table(_table(proposal.rules, words, book.words))
    if proposal.limit == sample.limit < MOST_RULES:
        terminal.note(words("cli.score.fit.limit", n=proposal.limit))

    terminal.heading(words("cli.score.fit.worth"))
    _tell_worth(terminal, proposal)

    if proposal.leaks:
        terminal.heading(words("cli.score.fit.leaks"))
        for leak in proposal.leaks:
            terminal.note(_leak(leak, words), "  • ")
    if done.refreshed is None:
        terminal.say()
        terminal.say(words("cli.score.fit.how_to_apply"))


def _table(rules: tuple[ProposedRule, ...], words: Words, crm_words: Words) -> Table:
    header = [
        *(crm_words(f"columns.scoring.{key}") for key in ("points", "field", "condition", "value")),
        *(words(f"cli.score.fit.columns.{key}") for key in ("leads", "won", "with", "without")),
    ]
    rows = [
        (
            f"{rule.points:+d}",
            str(rule.cells["field"]),
            str(rule.cells["condition"]),
            show.value(rule.cells["value"], 40),
            str(rule.leads),
            str(rule.won),
            _share(rule.won, rule.leads, words),
            _share(rule.others_won, rule.others, words),
        )
        for rule in rules
    ]
    return Table(tuple(header), rows, right=frozenset({0, 4, 5, 6, 7}))


def _share(won: int, of: int, words: Words) -> str:
    return show.percent(won / of if of else None, words)


def _tell_worth(terminal: Terminal, proposal: Proposal) -> None:
    words, held_out = terminal.words, proposal.held_out
    lines = [
        words(
            "cli.score.fit.proposed",
            auc=_number(held_out.value, words),
            low=_number(held_out.low, words),
            high=_number(held_out.high, words),
            meaning=words(f"cli.score.fit.tells.{_meaning(proposal)}"),
        ),
        words("cli.score.fit.pairs", n=f"{100 * held_out.value:.0f}"),
        words("cli.score.fit.lift", **_lifts(proposal.lift, words)),
    ]
    if proposal.today is None:
        lines.append(words("cli.score.fit.no_today"))
    else:
        auc = _number(proposal.today.value, words)
        lines.append(words("cli.score.fit.today", auc=auc, **_lifts(proposal.today_lift, words)))
    if proposal.today_knows:
        rules = ", ".join(proposal.today_knows)
        lines.append(words("cli.score.fit.today_knows", rules=rules))
    lines.append(
        words(
            "cli.score.fit.compared",
            fitted=_number(proposal.fitted.value, words),
            plain=_number(proposal.plain.value, words),
        )
    )
    lost = round(proposal.plain.value, 2) - round(held_out.value, 2)  # as they are shown
    # Where fewer rules were found than allowed, it is not their number that loses.
    if lost > _NEAR and len(proposal.rules) >= proposal.limit:
        number = _number(lost, words)
        lines.append(words("cli.score.fit.lost", n=len(proposal.rules), lost=number))
    for line in lines:
        terminal.note(line)


def _meaning(proposal: Proposal) -> str:
    if not proposal.worth_it:
        return "chance"
    value = proposal.held_out.value
    return next((name for border, name in _WORDS_FOR_AUC if value < border), "suspiciously_well")


def _number(value: float, words: Words, digits: int = 2) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if words.lang == "ru" else text


def _lifts(lift: Mapping[float, float], words: Words) -> dict[str, str]:
    (_, tenth), (_, fifth) = sorted(lift.items())
    return {"tenth": _number(tenth, words, 1), "fifth": _number(fifth, words, 1)}


def _leak(leak: Leak, words: Words) -> str:
    counts = {
        key: _number(count, words) if isinstance(count, float) else count
        for key, count in leak.counts.items()
    }
    what = words(f"cli.score.fit.leak.{leak.reason}", field=leak.field, **counts)
    return (
        what
        + " "
        + words("cli.score.fit.was_left_out" if leak.left_out else "cli.score.fit.was_used")
    )


def _tell_applied(terminal: Terminal, done: FittedScores, on: bool) -> None:
    words, refreshed = terminal.words, done.refreshed
    assert refreshed is not None
    tab = show.place(done.understood.snapshot, "scoring", None, done.understood.words)
    terminal.heading(words("cli.score.fit.applied"))
    rules = done.proposal.rules
    there = [rule.row for rule in rules if rule.row is not None and (rule.row_on or not on)]
    # On or off is a person's cell, and a row that people can sort has no address to write to.
    off = [rule.row for rule in rules if rule.row is not None and on and not rule.row_on]
    switch = show.place(done.understood.snapshot, "scoring", "on", done.understood.words)
    if there:
        terminal.note(words("cli.score.fit.there", n=len(there), rows=", ".join(there)))
    if off:
        terminal.note(
            words("cli.score.fit.still_off", n=len(off), rows=", ".join(off), column=switch)
        )
    if not done.added:
        return
    if refreshed.receipt is None:
        terminal.note(words("cli.score.fit.would_add", n=len(done.added), tab=tab))
        show.plan(terminal, refreshed.plan, refreshed.new_steps)
        terminal.say(words("cli.refresh.dry"))
        return
    key = "added_on" if on else "added_off"
    terminal.note(words(f"cli.score.fit.{key}", n=len(done.added), tab=tab))
    show.receipt(terminal, refreshed.receipt, sum(refreshed.seconds.values()))
