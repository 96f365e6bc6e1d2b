"""A scorecard learned from a shop's own past: a few rules with whole points, and what it is worth.

How it is made
--------------
1. *Whom from*: leads that are closed and old enough (:mod:`~.sample`).
2. *What of*: every column that describes a lead (:mod:`~.columns`), less those that know the
   outcome (:mod:`~.leakage`).
3. Columns become bins (:mod:`~.binning`); a ridge regression over all bins tells every lead's
   chance (:mod:`~.logistic`); rules are chosen that tell these chances again (:mod:`~.search`);
   their coefficients become points (:mod:`~.fitting`).
4. *What it is worth*: all of step 3 again on part of the leads and judged on the rest
   (:mod:`~.evaluation`), beside today's rules and a plain regression over the same columns.
5. The rules as a person would type them (:mod:`~.rows`), read back by the very code that a refresh
   uses: a rule that would not match the same leads is not proposed.

Pure functions with fixed seeds: the same leads give the same scorecard. Fitting needs scikit-learn,
which is imported when a scorecard is fitted and no earlier.
"""

from __future__ import annotations

from sheetsync.crm.scorecard.evaluation import Auc
from sheetsync.crm.scorecard.leakage import Leak
from sheetsync.crm.scorecard.logistic import require
from sheetsync.crm.scorecard.proposal import MOST_RULES, Proposal, ProposedRule, missing, propose
from sheetsync.crm.scorecard.sample import Sample

__all__ = [
    "MOST_RULES",
    "Auc",
    "Leak",
    "Proposal",
    "ProposedRule",
    "Sample",
    "missing",
    "propose",
    "require",
]
