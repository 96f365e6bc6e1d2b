"""The .xlsx workbook keeps the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sheetsync.workbooks.base import Workbook
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.workbooks.contract import Operator, WorkbookContract
from tests.workbooks.excel import ExcelOperator


@pytest.fixture(scope="module")
def versions() -> list[Any]:
    return []


class TestXlsxWorkbook(WorkbookContract):
    @pytest.fixture
    def workbook(self, tmp_path: Path) -> Workbook:
        return XlsxWorkbook(tmp_path / "crm.xlsx")

    @pytest.fixture
    def operator(self, workbook: XlsxWorkbook) -> Operator:
        return ExcelOperator(workbook.path)
