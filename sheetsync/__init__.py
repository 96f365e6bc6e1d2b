"""A lightweight CRM in a spreadsheet: provisioned, synced, explained."""

__version__ = "0.1.0"
