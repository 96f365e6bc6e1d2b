"""A CRM in an .xlsx file on this machine.

Reading takes the whole file once. Writing patches the package: what is not ours stays as it was,
byte for byte in parts that nothing is written to. The new version replaces the old one in a single
step, and the old one is kept beside it: ``crm.backup.xlsx`` for ``crm.xlsx``, one, the latest.
"""

from __future__ import annotations

from pathlib import Path

from sheetsync.errors import ConflictError
from sheetsync.workbooks.base import Plan, Provision, Provisioned, Receipt, Snapshot, Traffic
from sheetsync.workbooks.xlsx.book import Book
from sheetsync.workbooks.xlsx.file import check_unlocked, load, replace
from sheetsync.workbooks.xlsx.provision import provision
from sheetsync.workbooks.xlsx.read import Found, Values, broken_file, snapshot
from sheetsync.workbooks.xlsx.write import write


class XlsxWorkbook:
    """An .xlsx file; it need not be there before :meth:`provision`.

    Parameters
    ----------
    path : the file
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def label(self) -> str:
        """The path as it was given."""
        return str(self.path)

    @property
    def address(self) -> str:
        """The same."""
        return self.label

    @property
    def traffic(self) -> Traffic:
        """Nothing: a file is read where it is."""
        return Traffic()

    def read(self) -> Snapshot:
        """Everything the CRM needs to know, from one read of the file.

        Raises
        ------
        TargetError
            The file is not there, can't be read, is no workbook, or holds no CRM.
        """
        data, stamp = load(self.path)
        with broken_file(self.path):
            return snapshot(Book(data, self.path, "en"), Values(data), stamp, self.path)

    def apply(self, plan: Plan) -> Receipt:
        """Write a plan, whole or not at all; an empty one does not touch the file.

        Raises
        ------
        ConflictError
            The file is no longer what ``plan.base`` was read from.
        LockedError
            Excel or LibreOffice has it open.
        TargetError
            It is gone, or its folder can't be written.
        """
        if plan.empty:
            return Receipt(plan.base.revision)
        found: Found = plan.base.token
        check_unlocked(self.path)
        data, stamp = load(self.path)
        if stamp.sha256 != found.stamp.sha256:
            raise ConflictError("xlsx_changed", path=self.path)
        with broken_file(self.path):
            book = Book(data, self.path, plan.words.lang)
            done = write(book, plan, found)
            backup = replace(self.path, book.save, base=stamp)
        return Receipt(
            revision=plan.base.revision + 1,
            cells=done.cells,
            rows_appended=done.rows,
            backup=str(backup) if backup else None,
        )

    def provision(self, want: Provision, *, dry_run: bool = False) -> Provisioned:
        """Add what is missing of a layout; the file is made when there is none.

        Raises
        ------
        TargetError
            It is no workbook, or its folder is not there or can't be written.
        LockedError
            Excel or LibreOffice has it open.
        """
        data, stamp = load(self.path) if self.path.exists() else (None, None)
        with broken_file(self.path):
            book = Book(data, self.path, want.words.lang)
            values = Values(data) if data is not None else None
            steps = tuple(provision(book, values, want))
            if steps and not dry_run:
                check_unlocked(self.path)
                replace(self.path, book.save, base=stamp)
        return Provisioned(steps)
