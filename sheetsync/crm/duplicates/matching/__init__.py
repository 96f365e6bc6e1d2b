"""Which leads are the same person: sure by a contact of theirs, likely by several agreements.

:mod:`names` and :mod:`contacts` bring what people type into normal form; :mod:`records` holds the
leads in that form; :mod:`holders` says whose a phone or mailbox is; :mod:`candidates` and
:mod:`blocking` choose what is worth comparing; :mod:`people` compares names, :mod:`firms` those of
firms, :mod:`mail` and :mod:`columns` what else two leads may have in common; :mod:`weights` adds it
up; :mod:`links` decides.
"""

from __future__ import annotations

from sheetsync.crm.duplicates.matching.links import Links, find
from sheetsync.crm.duplicates.matching.records import Records, earliest_first, records

__all__ = ["Links", "Records", "earliest_first", "find", "records"]
