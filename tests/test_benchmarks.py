"""The benchmark measures what it says, on a size that takes no time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_it_prints_a_line_per_size_whose_stages_add_up() -> None:
    command = [sys.executable, "-m", "benchmarks.refresh", "--leads", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    titles, figures = (
        line.split()
        for line in done.stdout.replace("peak MB", "peak").replace("bare MB", "bare").splitlines()
    )
    line = dict(zip(titles, figures, strict=True))
    assert line["leads"] == "60"
    stages = [float(line[stage]) for stage in ("read", "parse", "compute", "plan", "write")]
    assert all(seconds >= 0 for seconds in stages)
    assert abs(sum(stages) - float(line["total"])) < 0.05
    assert float(line["floor"]) <= float(line["total"])
    assert re.fullmatch(r"\d+|-", line["peak"])
