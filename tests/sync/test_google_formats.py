"""Formats are reconciled, not piled up: fifty rounds, with people's own looks in between."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sheetsync.sync.provision import provision
from sheetsync.workbooks.google.dress import MARK
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.patience import Pace
from tests.google import Server
from tests.google.grid import Sheet, Spreadsheet
from tests.google.http import Request
from tests.sync.shop import Shop, Wire, at_noon
from tests.workbooks.contract import wanted
from tests.workbooks.test_google_safety import Shop as SmallShop
from tests.workbooks.test_google_safety import typed_by_people

ROUNDS, QUIET = 50, 8
"""Rounds of init and refresh, and how many of the last ones go by without people's doing."""

RED = {"red": 1.0}


class People:
    """What people do to the looks of a sheet, by chance but always the same."""

    def __init__(self, shop: SmallShop | Shop) -> None:
        self._id, self._server = shop.id, shop.server
        self._owner = shop.owner
        self._client = SheetsClient(session=Wire(shop.server.token()), pace=Pace(None))
        self._random = random.Random(20261121)
        self._number = 0

    @property
    def file(self) -> Spreadsheet:
        return self._server.file(self._id)

    @property
    def leads(self) -> Sheet:
        found = self.file.titled("Leads")
        assert found is not None
        return found

    def do_something(self) -> None:
        self._number += 1
        self._random.choice(
            (
                self.add_rule,
                self.add_rule,
                self.add_gradient,
                self.drop_a_rule_of_ours,
                self.recolour_a_rule_of_ours,
                self.move_a_rule_of_ours,
                self.validate_a_column_of_theirs,
                self.soften_a_dropdown_of_ours,
                self.clear_a_dropdown_of_ours,
                self.protect,
                self.drop_a_protection_of_ours,
                self.name_a_range,
                self.drop_a_name_of_ours,
                self.band,
                self.keep_a_view,
                self.filter,
                self.draw_a_chart,
            )
        )()

    def _batch(self, kind: str, **body: Any) -> None:
        path = f"/v4/spreadsheets/{self._id}:batchUpdate"
        self._client.call("post", path, body={"requests": [{kind: body}]})

    def _area(self, column: int, rows: tuple[int, int] = (1, 40)) -> dict[str, Any]:
        return {
            "sheetId": self.leads.id,
            "startRowIndex": rows[0],
            "endRowIndex": rows[1],
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }

    def _column(self, *headers: str) -> int:
        return self._owner.headers("Leads").index(self._random.choice(headers))

    # -- conditional formats -----------------------------------------------------------------

    def add_rule(self) -> None:
        """Above, between or below ours."""
        rule = {
            "ranges": [self._area(self._column("Name", "Status", "Score"))],
            "booleanRule": {
                "condition": {
                    "type": "CUSTOM_FORMULA",
                    "values": [{"userEnteredValue": f'=$C2="people {self._number}"'}],
                },
                "format": {"backgroundColorStyle": {"rgbColor": RED}},
            },
        }
        at = self._random.randint(0, len(self.leads.conditional_formats))
        self._batch("addConditionalFormatRule", rule=rule, index=at)

    def add_gradient(self) -> None:
        ends = {
            "minpoint": {"type": "MIN", "colorStyle": {"rgbColor": RED}},
            "maxpoint": {"type": "MAX", "colorStyle": {"rgbColor": {"green": 1.0}}},
        }
        rule = {"ranges": [self._area(self._column("Budget"))], "gradientRule": ends}
        at = self._random.randint(0, len(self.leads.conditional_formats))
        self._batch("addConditionalFormatRule", rule=rule, index=at)

    def _one_of_ours(self) -> int:
        rules = self.leads.conditional_formats
        return self._random.choice([i for i, rule in enumerate(rules) if is_ours(rule)])

    def drop_a_rule_of_ours(self) -> None:
        index = self._one_of_ours()
        self._batch("deleteConditionalFormatRule", index=index, sheetId=self.leads.id)

    def recolour_a_rule_of_ours(self) -> None:
        index = self._one_of_ours()
        rule = copy.deepcopy(self.leads.conditional_formats[index])
        if "booleanRule" in rule:
            rule["booleanRule"]["format"] = {"backgroundColorStyle": {"rgbColor": RED}}
        else:
            rule["gradientRule"]["maxpoint"]["colorStyle"] = {"rgbColor": RED}
        self._batch("updateConditionalFormatRule", index=index, rule=rule, sheetId=self.leads.id)

    def move_a_rule_of_ours(self) -> None:
        index, last = self._one_of_ours(), len(self.leads.conditional_formats) - 1
        new = self._random.randint(0, last)
        self._batch("updateConditionalFormatRule", index=index, newIndex=new, sheetId=self.leads.id)

    # -- dropdowns ---------------------------------------------------------------------------

    def validate_a_column_of_theirs(self) -> None:
        rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}}
        self._batch("setDataValidation", range=self._area(self._column("Budget")), rule=rule)

    def soften_a_dropdown_of_ours(self) -> None:
        """As when people give the options of a dropdown colours: only they can do it."""
        column = self._column("Status", "Segment")
        rule = self.leads.cell(1, column).validation
        if rule is not None:
            self._batch(
                "setDataValidation", range=self._area(column), rule={**rule, "strict": False}
            )

    def clear_a_dropdown_of_ours(self) -> None:
        rows = (1, len(self.leads.rows))
        self._batch("setDataValidation", range=self._area(self._column("Segment"), rows))

    # -- protections and names ---------------------------------------------------------------

    def protect(self) -> None:
        kept = {"range": self._area(self._column("Name"), (1, 3)), "description": "hands off"}
        self._batch("addProtectedRange", protectedRange={**kept, "warningOnly": True})

    def drop_a_protection_of_ours(self) -> None:
        ours = [
            id_ for id_, each in self.leads.protected.items() if MARK in each.get("description", "")
        ]
        self._batch("deleteProtectedRange", protectedRangeId=self._random.choice(ours))

    def name_a_range(self) -> None:
        named = {"name": f"people_{self._number}", "range": self._area(self._column("Name"))}
        self._batch("addNamedRange", namedRange=named)

    def drop_a_name_of_ours(self) -> None:
        ours = sorted(id_ for id_, each in self.file.names.items() if is_our_name(each))
        self._batch("deleteNamedRange", namedRangeId=self._random.choice(ours))

    # -- what we have none of ----------------------------------------------------------------

    def band(self) -> None:
        if not self.leads.banding:
            colours = {f"{each}BandColorStyle": {"rgbColor": RED} for each in ("first", "second")}
            area = self._area(self._column("Phone"))
            self._batch("addBanding", bandedRange={"range": area, "rowProperties": colours})

    def keep_a_view(self) -> None:
        view = {"title": f"View {self._number}", "range": self._area(0)}
        self._batch("addFilterView", filter=view)

    def filter(self) -> None:
        self._batch("setBasicFilter", filter={"range": self._area(self._column("Name"))})

    def draw_a_chart(self) -> None:
        source = {"sourceRange": {"sources": [self._area(self._column("Budget"))]}}
        chart = {"chartType": "COLUMN", "series": [{"series": source}]}
        place = {"overlayPosition": {"anchorCell": {"sheetId": self.leads.id, "rowIndex": 5}}}
        spec = {"title": f"Chart {self._number}", "basicChart": chart}
        self._batch("addChart", chart={"spec": spec, "position": place})


def is_ours(rule: Mapping[str, Any]) -> bool:
    """Whether a conditional format is the tool's: a scale over Score, or one with its mark."""
    if "gradientRule" in rule:
        return "midpoint" in rule["gradientRule"]
    return "sheetsync " in rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"]


def is_our_name(named: Mapping[str, Any]) -> bool:
    return str(named["name"]).startswith("ss_")


def ours(file: Spreadsheet) -> Counter[str]:
    """How often each thing of the tool's is there."""
    found: Counter[str] = Counter(each["name"] for each in file.names.values() if is_our_name(each))
    for sheet in file.sheets:
        for rule in sheet.conditional_formats:
            if is_ours(rule):
                condition = rule.get("booleanRule", {}).get("condition", "scale")
                found[f"rule {sheet.title} {condition}"] += 1
        for each in sheet.protected.values():
            if MARK in each.get("description", ""):
                found[f"protection {each['range']}"] += 1
        for column in range(len(sheet.columns)):
            rule = sheet.cell(1, column).validation if len(sheet.rows) > 1 else None
            if rule and rule["condition"]["type"] != "NUMBER_GREATER":  # that is people's
                found[f"dropdown {sheet.title} {column}"] += 1
    return found


def theirs(file: Spreadsheet) -> list[Any]:
    """What people made, in their order."""
    kept: list[Any] = [each for each in file.names.values() if not is_our_name(each)]
    for sheet in file.sheets:
        kept += [rule for rule in sheet.conditional_formats if not is_ours(rule)]
        kept += [
            each for each in sheet.protected.values() if MARK not in each.get("description", "")
        ]
        kept += [sheet.banding, sheet.basic_filter, sheet.filter_views, sheet.charts]
    return copy.deepcopy(kept)


def validated(file: Spreadsheet) -> set[tuple[int, int]]:
    """(sheet, column) wherever any cell has a dropdown or another rule of input."""
    return {
        (sheet.id, i)
        for sheet in file.sheets
        for i, column in enumerate(sheet.columns)
        if any((cell := row.cells.get(column.key)) and cell.validation for row in sheet.rows)
    }


def set_anew(requests: Sequence[Request]) -> set[tuple[int, int]]:
    """(sheet, column) of every dropdown that was laid."""
    laid = set()
    for each in (
        each for request in requests if request.kinds for each in request.body["requests"]
    ):
        if rule := each.get("setDataValidation"):
            where = rule["range"]
            columns = range(where["startColumnIndex"], where["endColumnIndex"])
            laid |= {(where["sheetId"], column) for column in columns}
        cell = each.get("repeatCell") or each.get("updateCells") or {}
        assert "dataValidation" not in cell.get("fields", "")
        assert cell.get("fields") != "*"
    return laid


def one_round(server: Server, file: Callable[[], Spreadsheet], work: Callable[[], object]) -> bool:
    """Init and refresh; whether anything was written. Nothing of people's is touched."""
    before, dropdowns = theirs(file()), validated(file())
    server.requests.clear()
    work()
    assert theirs(file()) == before
    assert not set_anew(server.requests) & dropdowns
    return any(request.kinds for request in server.requests)


def test_fifty_rounds_leave_ours_once_and_everything_of_peoples(server: Server) -> None:
    shop = SmallShop(server)
    shop.owner.append("Leads", typed_by_people("Anna"))
    shop.refresh()
    people, right = People(shop), ours(server.file(shop.id))
    assert set(right.values()) == {1}

    def work() -> None:
        shop.book.provision(wanted())
        shop.refresh()

    written = []
    for number in range(ROUNDS):
        if number < ROUNDS - QUIET:
            for _ in range(3):
                people.do_something()
        written.append(one_round(server, lambda: server.file(shop.id), work))
        assert ours(server.file(shop.id)) - Counter() == right
    assert any(written)
    assert not any(written[-QUIET:])
    shop.check(["Anna"])


def test_the_real_commands_leave_peoples_looks_alone(server: Server) -> None:
    shop = Shop(server).filled()
    book = shop.book(email=Server.SERVICE_ACCOUNT)
    at_noon(book)
    people, right = People(shop), ours(server.file(shop.id))
    assert set(right.values()) == {1}

    def work() -> None:
        provision(book)
        at_noon(book)

    for act in (people.add_rule, people.drop_a_rule_of_ours):
        act()
        written = one_round(server, lambda: server.file(shop.id), work)
        assert written == (act == people.drop_a_rule_of_ours)
        assert ours(server.file(shop.id)) == right
