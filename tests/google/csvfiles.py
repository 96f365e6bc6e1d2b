"""A spreadsheet as a CSV file, and a CSV file as a spreadsheet."""

from __future__ import annotations

import csv
import io

from . import values
from .grid import Sheet, Span, Spreadsheet

IMPORT_TIMEZONE = "America/Los_Angeles"
"""What an imported file has, as recorded, whatever it had before."""


def dump(file: Spreadsheet) -> bytes:
    """The first sheet, as it is shown."""
    rows = values.read(file, Span(file.sheets[0].id)).get("values", [])
    width = max(map(len, rows), default=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[*row, *[""] * (width - len(row))] for row in rows])
    return out.getvalue().removesuffix("\r\n").encode()


def load(file: Spreadsheet, data: bytes) -> None:
    """One sheet, named like the file, takes the place of all sheets and of what hung on them."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    id = file.new_id(sheet.id for sheet in file.sheets)
    width = max(map(len, rows), default=0)
    sheet = Sheet.new(id, file.title, max(1000, len(rows)), max(26, width))
    sheet.writer = file.writer
    file.sheets, file.names, file.metadata = [sheet], {}, {}
    file.properties = {**file.properties, "locale": "en_US", "timeZone": IMPORT_TIMEZONE}
    file.check_size()
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            values.type_into(file, sheet, r, c, text, raw=False)
