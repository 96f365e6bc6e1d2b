"""The add-on without Google: its own server code in V8, over a workbook on this machine.

``host`` runs the scripts of a project (``scripts`` joins them) as a person; ``services/`` is the
stand-in for Google's services that they see there; ``document`` makes the document they work in out
of an .xlsx workbook, and writes what they change back into it.
"""
