"""Count how many real people would be caught: all of Wikipedia whose name has an unseen word.

Run it as ``tools/train_names.py``. It prints how many there are, and who of them is caught as what;
``docs/junk.md`` quotes it.
"""

from __future__ import annotations

from itertools import chain

import pandas as pd

from sheetsync.crm.junk import read_junk
from tools import names
from tools.train_names import held_out, words_of


def main() -> None:
    everybody = dict.fromkeys(chain.from_iterable(names.wikipedia().values()))
    unseen = [name for name in everybody if any(map(held_out, words_of([name])))]
    junk = read_junk("name", pd.Series(unseen, dtype=object), None, "RU")
    caught = [(", ".join(junk.sorts[p]), n) for n, p in zip(unseen, junk.places, strict=True)]
    caught = sorted(line for line in caught if line[0])
    print(f"{len(unseen):,} people, {len(caught)} caught")  # noqa: T201
    for sort, name in caught:
        print(f"{sort}: {name}")  # noqa: T201


if __name__ == "__main__":
    main()
