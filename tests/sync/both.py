"""An empty workbook of either sort, with a person at it."""

from __future__ import annotations

from pathlib import Path

from sheetsync.workbooks.base import Workbook
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.google import Server
from tests.workbooks.contract import Operator
from tests.workbooks.excel import ExcelOperator
from tests.workbooks.test_google import client_of

Shop = tuple[Workbook, Operator]
SORTS = ("xlsx", "google")


def empty_workbook(sort: str, folder: Path, server: Server) -> Shop:
    """One of :data:`SORTS`; nothing is in it, not even our tabs."""
    if sort == "xlsx":
        path = folder / "shop.xlsx"
        return XlsxWorkbook(path), ExcelOperator(path)
    spreadsheet = server.create("Shop", "en_US")
    return GoogleWorkbook(client_of(server), spreadsheet), server.operator(spreadsheet)
