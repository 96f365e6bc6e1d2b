"""Junk: which cells of contacts look like no name, no phone, no address and no company.

What is decided here is only what a cell looks like, and of which *sort* of junk it is; what that
means for a lead the owner's rules say (``looks_like`` in :mod:`sheetsync.crm.scoring.conditions`).
Real people with rare names must not be caught, so where it can't be told, nothing is.

===================  ============================================================
``keyboard_walk``    asdf, qwerty, фыва, and what else lies in a row
``repeats``          ааа, хахаха, abcabc
``digits``           digits or signs where a name should be
``test``             somebody tried the form
``nickname``         a nickname that carries no name
``gibberish``        letters typed without a thought
``impossible``       a phone that no country has
``patterned``        a phone that nobody is given: 123 456 789
``disposable``       a mailbox of a service for throw-away addresses
``random_mailbox``   hdgaf@, 123@gmail.com
``no_company``       asdf, «нет», «ООО ООО»
===================  ============================================================
"""

from __future__ import annotations

from sheetsync.crm.junk.columns import NAMES, SORTS, Junk, read_junk, sorts_for

__all__ = ["NAMES", "SORTS", "Junk", "read_junk", "sorts_for"]
