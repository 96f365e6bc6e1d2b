"""Conditions that the conditional formats of several capabilities share."""

from __future__ import annotations


def is_of_kind(kind: str) -> str:
    """A condition on a row of Leads: its status is of this kind.

    The Statuses tab says so as soon as somebody chooses a status. One that is typed another way (an
    alias, with a space) is what the last refresh understood it as.
    """
    word = "{text:choices.kind." + kind + "}"
    return (
        "OR(COUNTIFS({all:statuses.status};{status};{all:statuses.kind};" + word + ")>0;"
        "AND(COUNTIFS({all:statuses.status};{status})=0;{kind}=" + word + "))"
    )
