"""The story as columns of the sheet: the values of every tab, spoilt as people spoil them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm import kinds
from sheetsync.demo import scenes, typed
from sheetsync.demo.cast import SENIOR, TEAM
from sheetsync.demo.story import Story
from sheetsync.demo.texts import Objects, People, objects, pick
from sheetsync.demo.walk import OPEN
from sheetsync.locales import Words

Bools = npt.NDArray[np.bool_]
Row = dict[str, Any]

_FORMER_NAME_DAYS = 150
"""Older lines of History name a status as it was called then: by its alias."""


@dataclass(frozen=True)
class Lists:
    """What the entries of the list tabs are called: key -> name, and name -> an alias of it."""

    statuses: Mapping[str, str]
    sources: Mapping[str, str]
    reasons: Mapping[str, str]
    aliases: Mapping[str, str]
    team: tuple[str, ...]
    seeds: Mapping[str, list[Row]]

    @classmethod
    def of(cls, kind: str, words: Words, text: dict[str, Any]) -> Lists:
        seeds, names = kinds.seeds(kind, words), kinds.names(kind, words)
        columns = {"statuses": "status", "sources": "source", "reasons": "reason"}
        aliases = {
            row[column]: row["alias"].split("; ")[0]
            for tab, column in columns.items()
            for row in seeds[tab]
            if row["alias"]
        }
        team = text["team"]
        aliases |= dict(zip(team["names"], team["aliases"], strict=True))
        return cls(**names, aliases=aliases, team=tuple(team["names"]), seeds=seeds)


def team_rows(lists: Lists, words: Words) -> list[Row]:
    """The Team tab."""
    return [
        {
            "name": name,
            "alias": lists.aliases[name],
            "email": f"{manager.role}{place}@example.com",
            "role": words(f"choices.role.{manager.role}"),
            "norm": 30 if manager.role == "operator" else 10,
        }
        for place, (name, manager) in enumerate(zip(lists.team, TEAM, strict=True), 1)
    ]


def lead_cells(
    rng: np.random.Generator,
    story: Story,
    people: People,
    lists: Lists,
    words: Words,
    text: dict[str, Any],
    today: date,
) -> tuple[dict[str, Objects], dict[str, Bools]]:
    """The cells that people typed into Leads.

    Returns
    -------
    cells : column key -> array of objects, shape (leads,), None where empty
    misread : column key -> True where the cell cannot be understood
    """
    leads, n = story.leads, len(story.leads)
    status = leads["status"].to_numpy(dtype=object)
    opened = leads["status"].isin(OPEN).to_numpy()
    midnight = datetime.combine(today, datetime.min.time())
    misread: dict[str, Bools] = {}
    cells: dict[str, Objects] = {}

    def note(column: str, cells_and_mask: tuple[Objects, Bools]) -> None:
        cells[column], misread[column] = cells_and_mask

    created, promised = _days(leads["created"]), _days(leads["next_action"])
    note("created", typed.dates(rng, created, text, today=midnight, promise=False))
    note("phone", typed.phones(rng, _some(rng, people.phones, 0.95), text))
    note("email", typed.emails(rng, _some(rng, people.emails, 0.45)))
    cells["name"] = _names(rng, people)
    _junk(rng, cells, misread, status, text["people"])
    firm = rng.random(n) < 0.05
    cells["company"] = _where(firm, pick(text["people"]["companies"], rng, n))
    source = _named(leads["source"], lists.sources)
    note("source", typed.names(rng, source, lists.aliases, typos=0.008))
    outbound = leads["source"].eq("repeat").to_numpy() & (rng.random(n) < 0.4)
    channel = np.where(
        outbound, words("choices.channel.outbound"), words("choices.channel.inbound")
    ).astype(object)
    cells["channel"] = typed.names(rng, _some(rng, channel, 0.85), {})[0]
    cells["request"] = _requests(leads, text["trip"])
    unit = text["money_unit"]
    budget = _where(leads["knows_budget"].to_numpy(), objects(_round(leads["budget"] / unit)))
    note("budget", typed.money(rng, budget, text))
    for key in ("people", "days"):
        cells[key] = _where(leads[f"knows_{key}"].to_numpy(), objects(leads[key].tolist()))
    segment = np.where(firm, words("choices.segment.small"), words("choices.segment.retail"))
    cells["segment"] = _where(firm | (rng.random(n) < 0.3), segment.astype(object))
    statuses = _named(leads["status"], lists.statuses)
    note("status", typed.names(rng, statuses, lists.aliases, typos=0.012))
    given = rng.random(n) > np.where(status == "new", 0.4, 0.015)
    manager = np.array(lists.team, dtype=object)[leads["manager"].to_numpy()]
    cells["manager"] = typed.names(rng, _where(given, manager), lists.aliases)[0]
    note("next_action", typed.dates(rng, promised, text, today=midnight, promise=True))
    stepped = opened & (rng.random(n) < 0.75)
    cells["next_step"] = _where(stepped, _chosen(leads, "status", text["steps"]))
    cells["comment"] = _comments(rng, leads, text)
    amount = leads["amount"].where(pd.Series(rng.random(n) < 0.97))
    paid = amount.notna().to_numpy()
    cells["amount"] = _where(paid, objects(_round(amount.fillna(0) / unit)))
    cells["loss_reason"] = _named(leads["loss_reason"], lists.reasons)
    final = leads["status"].eq("lost") & ~leads["proposed"]
    cells["approved_by"] = _where(final.to_numpy(), np.full(n, lists.team[SENIOR]))
    scenes.play(story.scenes, cells, misread, people, text)
    return cells, misread


def scoring_rows(lists: Lists, words: Words, text: dict[str, Any]) -> list[Row]:
    """The Scoring tab: the rules of the kind, with the agency's own competitors filled in."""
    group = words("choices.rule_group.competitor")
    rivals, note = "; ".join(text["people"]["competitors"]), text["people"]["competitor_note"]
    rules = [
        rule | {"value": rivals, "note": note, "on": True} if rule["group"] == group else rule
        for rule in lists.seeds["scoring"]
    ]
    return [{key: cell for key, cell in rule.items() if cell is not None} for rule in rules]


def history_rows(
    rng: np.random.Generator,
    story: Story,
    ids: Objects,
    lists: Lists,
    words: Words,
    text: dict[str, Any],
    today: date,
) -> list[Row]:
    """The History tab: what was logged by yesterday. Rows without an id have no log yet, and of
    the moves of the last two days half still wait for the next refresh."""
    moves = story.moves
    late = moves["at"] >= pd.Timestamp(today) - pd.Timedelta(days=2)
    last = ~moves["lead"].duplicated(keep="last")
    has_id = np.array([key is not None for key in ids])[moves["lead"].to_numpy()]
    unlogged = late & last & (rng.random(len(moves)) < 0.5)
    moves = moves[has_id & ~unlogged]
    old = (moves["at"] < pd.Timestamp(today) - pd.Timedelta(days=_FORMER_NAME_DAYS)).to_numpy()
    former = lists.statuses["options"]
    names = {end: _named(moves[end], {"": ""} | dict(lists.statuses)) for end in ("from_", "to")}
    for end in names.values():
        end[old & (end == former)] = lists.aliases[former]
    lead = moves["lead"].to_numpy()
    told = story.leads.loc[lead].assign(to=moves["to"].to_numpy())
    told["to"] = told["to"].where(told["to"].ne("lost"), told["loss_reason"])
    said = _chosen(told, "to", {"parked": text["comments"]["parked"]} | text["lost"])
    manager = np.array(lists.team, dtype=object)[story.leads["manager"].to_numpy()[lead]]
    via = np.where(pd.notna(said), text["via"]["addon"], words("pipeline.via_refresh"))
    at = moves["at"].to_numpy("datetime64[us]").tolist()
    columns = (at, ids[lead], names["from_"], names["to"], manager, said, via, moves["number"])
    return [
        {
            "at": when,
            "lead": key,
            "from": before,
            "to": after,
            "by": by,
            "comment": comment or "",
            "via": how,
            "id": f"{key}/{number}",
        }
        for when, key, before, after, by, comment, how, number in zip(*columns, strict=True)
    ]


def checklist_rows(
    rng: np.random.Generator, story: Story, logged: set[str], ids: Objects, lists: Lists
) -> list[Row]:
    """The Checklist tab: a line per logged lead; its steps ticked as its manager is careful, and
    those of an approved loss to the last required one."""
    leads, n = story.leads, len(story.leads)
    # A tick is one of the smaller duties, so it is done more often.
    care = np.sqrt([manager.care for manager in TEAM])[leads["manager"].to_numpy()]
    place = {lists.statuses[key]: number for number, key in enumerate([*OPEN, "won"])}
    status = _named(leads["status"], lists.statuses)
    final = (leads["status"].eq("lost") & ~leads["proposed"]).to_numpy()
    ticks: dict[str, Bools] = {}
    for step in lists.seeds["steps"]:
        if step["before"] in place:
            ahead = place[step["before"]] - leads["furthest"].to_numpy()
            due = ahead <= 0
            chance = np.select([due, ahead == 1], [care, care / 4], 0.0)
        else:
            due = status == step["before"]
            chance = np.where(due, care, 0.0)
        # What may be left out often is.
        ticked = rng.random(n) < chance * (1.0 if step["required"] else 0.6)
        ticks[step["id"]] = ticked | (final & due & step["required"])
    return [
        {"lead": key} | {step: True for step, ticked in ticks.items() if ticked[lead]}
        for lead, key in enumerate(ids)
        if key in logged
    ]


def _days(dates: pd.Series) -> Objects:
    """Midnights as datetime, None for none."""
    return objects([None if pd.isna(day) else day.to_pydatetime() for day in dates])


def _named(keys: pd.Series, names: Mapping[str, str]) -> Objects:
    return objects([names.get(key) for key in keys.to_numpy(dtype=object)])


def _where(condition: Bools, values: npt.NDArray[Any]) -> Objects:
    cells = values.astype(object)
    cells[~condition] = None
    return cells


def _some(rng: np.random.Generator, values: Objects, share: float) -> Objects:
    return _where(rng.random(len(values)) < share, values)


def _round(amounts: pd.Series) -> list[int]:
    return [round(amount) for amount in amounts]


def _chosen(leads: pd.DataFrame, sort: str, options: Mapping[str, list[str]]) -> Objects:
    """One of the texts of each row's sort; None for sorts that have none."""
    sorts, chosen = leads[sort].to_numpy(dtype=object), leads["words"].to_numpy()
    texts = np.full(len(leads), None, dtype=object)
    for name, some in options.items():
        here = sorts == name
        texts[here] = np.array(some, dtype=object)[chosen[here] % len(some)]
    return texts


def _names(rng: np.random.Generator, people: People) -> Objects:
    cells = people.names.copy()
    everybody = np.ones(len(cells), dtype=bool)
    slips = typed.scatter(
        rng, everybody, {"first": 0.22, "lower": 0.05, "emoji": 0.01, "none": 0.01}
    )
    cells[slips["first"]] = people.given[slips["first"]]
    cells[slips["lower"]] = [name.lower() for name in cells[slips["lower"]]]
    cells[slips["emoji"]] = [f"{name} 🌴" for name in people.given[slips["emoji"]]]
    cells[slips["none"]] = None
    return cells


def _junk(
    rng: np.random.Generator,
    cells: dict[str, Objects],
    misread: dict[str, Bools],
    status: Objects,
    text: dict[str, Any],
) -> None:
    """Spam, partners and strangers look like what they are."""
    n = len(status)
    for key, names in (
        ("spam", "junk_names"),
        ("partner", "partner_names"),
        ("not_a_lead", "stranger_names"),
    ):
        here = (status == key) & (rng.random(n) < 0.85)
        cells["name"] = np.where(here, pick(text[names], rng, n), cells["name"])
    spam = status == "spam"
    called, mailed = spam & (rng.random(n) < 0.4), spam & (rng.random(n) < 0.5)
    cells["phone"] = np.where(called, pick(text["junk_phones"], rng, n), cells["phone"])
    cells["email"] = np.where(mailed, text["junk_email"], cells["email"])
    misread["phone"] |= called
    misread["email"] &= ~mailed


def _requests(leads: pd.DataFrame, text: dict[str, Any]) -> Objects:
    sorts = {"requests": text["requests"]} | {
        key: [text[key]] for key in ("new_year", "last_minute", "unknown")
    }
    forms = _chosen(leads, "request", sorts)
    rows = zip(forms, leads["place"], leads["people"], leads["days"], strict=True)
    places = text["places"]
    return objects(
        [
            form and form.format(place=places[place % len(places)], people=people, days=days)
            for form, place, people, days in rows
        ]
    )


def _comments(rng: np.random.Generator, leads: pd.DataFrame, text: dict[str, Any]) -> Objects:
    sort = leads["comment"].where(leads["comment"].ne("lost"), leads["loss_reason"])
    remarks = text["comments"]
    cells = _chosen(leads.assign(sort=sort), "sort", remarks | text["lost"])
    plain = leads["comment"].eq("plain").to_numpy()
    odd = typed.scatter(rng, plain, dict.fromkeys(remarks["like_formulas"], 0.02))
    for form, places in odd.items():
        cells[places] = form
    return cells
