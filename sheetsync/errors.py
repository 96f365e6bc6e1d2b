"""Every error that leaves the library: one base class, one sentence that says what to do next.

An error carries the key of its sentence and the values in it, not the finished text, so that the
same error speaks Russian to one owner and English to the next.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sheetsync import locales


class SheetsyncError(Exception):
    """The base of all errors of the library.

    Parameters
    ----------
    key : str
        The sentence under ``errors.`` in the locale files, e.g. ``"file_changed"``.
    **values
        What the sentence mentions. Never a secret: these reach terminals and logs.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def sentence(self, words: locales.Words) -> str:
        """The error in the reader's language."""
        return words(f"errors.{self.key}", **self.values)

    def __str__(self) -> str:
        return self.sentence(locales.load("en"))


class TargetError(SheetsyncError):
    """The TARGET cannot be found, opened or written, or is not a workbook or not a CRM."""


class LayoutError(SheetsyncError):
    """A tab or column that a command needs is gone; the sentence names the repair."""


class LockedError(SheetsyncError):
    """The file is open in another program."""


class ConflictError(SheetsyncError):
    """The workbook changed since it was read; nothing was written."""


class CredentialsError(SheetsyncError):
    """No credentials, or unusable ones."""


class AccessError(SheetsyncError):
    """Google refused: not shared, not found, or the right to edit is missing."""


class ServiceError(SheetsyncError):
    """Google could not be reached or kept failing after every sensible retry."""


class InputError(SheetsyncError):
    """What was given on the command line or in a file cannot be used."""
