"""Spreadsheets behind one protocol; see :mod:`sheetsync.workbooks.base`."""
