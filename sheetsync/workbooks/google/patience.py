"""How often, how quickly and how long we ask Google."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How long to wait for one request.

    Parameters
    ----------
    tries : how often it is sent at most
    longest : the longest pause of our own between two tries. [s]
    connect, read : time-outs of one try; Google itself gives up after 180 s. [s]
    """

    tries: int = 8
    longest: float = 64.0
    connect: float = 10.0
    read: float = 190.0

    def pause(self, failures: int, chance: float, asked: float | None) -> float:
        """Seconds before the next try, after so many failures (1, 2, ...).

        ``chance`` is a number in [0, 1). ``asked`` is what Retry-After asked for; it is kept also
        where it is longer than our own longest pause, up to two minutes.
        """
        own = min(2.0 ** (failures - 1) + chance, self.longest)
        return own if asked is None else min(max(asked + chance, own), 120.0)


class Pace:
    """Room for so many requests of a kind in any minute; Google gives a person 60 and 60.

    Parameters
    ----------
    per_minute : reads, and as many writes; None for no limit
    clock : seconds, from any beginning
    """

    _MINUTE = 61.0  # a second more: requests do not all take equally long to reach the counter

    def __init__(
        self, per_minute: int | None = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = per_minute
        self._clock = clock
        self._sent: dict[str, deque[float]] = {"read": deque(), "write": deque()}

    def take(self, kind: str) -> float:
        """Seconds to wait before a request of this kind, which is then counted."""
        if self._limit is None:
            return 0.0
        now, sent = self._clock(), self._sent[kind]
        at = max(now, sent[-self._limit] + self._MINUTE) if len(sent) >= self._limit else now
        sent.append(at)
        while len(sent) > self._limit:
            sent.popleft()
        return at - now
