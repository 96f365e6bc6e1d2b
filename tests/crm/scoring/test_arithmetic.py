"""The arithmetic of rules: right where it is arithmetic, closed to everything else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.cells import fold
from sheetsync.crm.scoring.arithmetic import (
    MAX_DEPTH,
    MAX_LENGTH,
    Name,
    Negative,
    Node,
    Number,
    Operation,
    UnreadableError,
    evaluate,
    names_in,
    parse,
)

HEADERS = {
    "Budget": "budget",
    "People": "people",
    "Days": "days",
    "Days in stage": "stage_days",
    "Overdue, days": "overdue",
    "Дата шага": "next_action",
    "Просрочено, дн.": "own:late",
    "Цена/шт": "own:price",
    "Ёлки": "own:trees",
    "-10%": "own:discount",
    "2026": "own:2026",
}
NAMES = {fold(header): key for header, key in HEADERS.items()}


def value(text: str, **columns: float) -> float:
    tree = parse(text, NAMES)
    result = evaluate(tree, lambda key: np.array([columns[key.removeprefix("own:")]], dtype=float))
    return float(result[0])


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("Budget / People / Days", {"budget": 200_000, "people": 6, "days": 14}, 2380.95238095),
        ("Budget - People - Days", {"budget": 10, "people": 3, "days": 2}, 5),
        ("Budget / (People * Days)", {"budget": 84, "people": 6, "days": 14}, 1),
        ("Budget + People * Days", {"budget": 1, "people": 2, "days": 3}, 7),
        ("(Budget + People) * Days", {"budget": 1, "people": 2, "days": 3}, 9),
        ("-Budget + 1", {"budget": 5}, -4),
        ("2 * -Budget", {"budget": 5}, -10),
        ("--Budget", {"budget": 5}, 5),
        ("Budget * 1,5", {"budget": 2}, 3),
        ("Budget * 1.5", {"budget": 2}, 3),
        ("Budget / 1 000", {"budget": 5000}, 5),
        ("бюджет".replace("бюджет", "bUDGET") + "/people", {"budget": 6, "people": 3}, 2),
        ("Budget ÷ People × 2 − 1", {"budget": 6, "people": 3}, 3),
        ("Days in stage - Days", {"stage_days": 9, "days": 4}, 5),
        ("Overdue, days + 1", {"overdue": 4}, 5),
        ("дата  ШАГА * 2", {"next_action": 4}, 8),
        ("Просрочено, дн. / 2", {"late": 4}, 2),
        ("Цена/шт / 2", {"price": 4}, 2),
        ("елки + ёлки", {"trees": 4}, 8),
        ("[-10%] * 3", {"discount": 4}, 12),
        ('"2026" + 2026', {"2026": 4}, 2030),
        ("«Overdue, days» * [Budget]", {"overdue": 4, "budget": 2}, 8),
    ],
)
def test_it_counts_as_at_school(text: str, columns: dict[str, float], expected: float) -> None:
    assert value(text, **columns) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Budget / 0", {"budget": 5}),
        ("Budget / (People - People)", {"budget": 5, "people": 2}),
        ("1 / (Budget / 0)", {"budget": 5}),
        ("Budget / People", {"budget": 5, "people": math.nan}),
        ("Budget * Budget", {"budget": 1e300}),
    ],
)
def test_what_has_no_value_is_missing(text: str, columns: dict[str, float]) -> None:
    assert math.isnan(value(text, **columns))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "__import__('os').system('true')",
        "Budget.__class__",
        "Budget().real",
        "Budget[0]",
        "lambda: Budget",
        "Budget ** 2",
        "Budget // 2",
        "Budget % 2",
        "Budget; Days",
        "Budget if Days else 0",
        "Budget and Days",
        "Budget == Days",
        "{Budget}",
        "{0.__class__}",
        "=Budget",
        "Budget Days",
        "Budget +",
        "* Budget",
        "(Budget",
        "Budget)",
        "()",
        "",
        "   ",
        "[Budget",
        "Budgets",
        "Budget_2",
        "1e5 * Budget",
        "Budget + 1.2.3",
        "Budget + 1 2",
        "0x10 + Budget",
        "nan + Budget",
        "inf + Budget",
        "1_000 + Budget",
        "2 + 2",
        "\x00Budget",
    ],
)
def test_anything_else_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse(text, NAMES)


def test_an_unknown_header_is_named() -> None:
    with pytest.raises(UnreadableError) as caught:
        parse("Budget / Peopel / Days", NAMES)
    assert (caught.value.code, caught.value.part) == ("unknown", "peopel")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "Budget" + ")" * 10_000,
        "(" * (MAX_DEPTH + 1) + "Budget" + ")" * (MAX_DEPTH + 1),
        "-" * 150 + "Budget",
        "Budget" + "+1" * 10_000,
        "(" * 10_000,
    ],
)
def test_length_and_depth_are_limited(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(text, NAMES)
    assert caught.value.code == "long"


def test_the_longest_text_that_is_allowed_is_counted() -> None:
    text = "Budget" + "+1" * ((MAX_LENGTH - len("Budget")) // 2)
    assert len(text) == MAX_LENGTH
    assert value(text, budget=3) == 3 + 97
    deep = "(" * MAX_DEPTH + "Budget" + ")" * MAX_DEPTH
    assert value(deep, budget=3) == 3


def test_the_columns_of_a_tree_are_listed_once() -> None:
    assert names_in(parse("Budget / Days + 2 * Budget", NAMES)) == ("budget", "days")


COLUMNS = {"budget": 7.5, "people": -3.0, "days": 0.0}
HEADER_OF = {"budget": "Budget", "people": "[People]", "days": '"Days"'}

leaves = st.one_of(
    st.sampled_from([Name(key) for key in COLUMNS]),
    st.decimals(0, 10_000, places=4).map(lambda number: Number(float(number))),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Negative, inner),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
    ),
    max_leaves=6,
)


def written(tree: Node, comma: bool) -> str:
    """A tree as people write it, every operation in brackets of its own."""
    match tree:
        case Name(key):
            return HEADER_OF[key]
        case Number(number):
            text = f"{number:.4f}"
            return text.replace(".", ",") if comma else text
        case Negative(of):
            return f"-({written(of, comma)})"
        case Operation(sign, left, right):
            return f"({written(left, comma)} {sign} {written(right, comma)})"


def by_python(tree: Node) -> float:
    """The same by Python's own arithmetic; NaN where it has no finite result."""
    match tree:
        case Name(key):
            return COLUMNS[key]
        case Number(number):
            return number
        case Negative(of):
            return -by_python(of)
        case Operation(sign, left, right):
            a, b = by_python(left), by_python(right)
            if sign == "/":
                return a / b if b else math.nan
            return {"+": a + b, "-": a - b, "*": a * b}[sign]


@given(trees, st.booleans())
def test_a_tree_survives_being_written_and_read(tree: Node, comma: bool) -> None:
    text = f"{written(tree, comma)} + Budget - Budget"
    if len(text) > MAX_LENGTH:
        return
    read = parse(text, NAMES)
    expected = by_python(tree) + COLUMNS["budget"] - COLUMNS["budget"]
    got = float(np.asarray(evaluate(read, lambda key: np.array([COLUMNS[key]]))).item())
    assert got == expected or (math.isnan(got) and math.isnan(expected))


@given(st.lists(st.tuples(st.sampled_from("+-*/"), st.integers(1, 9)), max_size=20))
def test_signs_bind_as_in_python(tail: list[tuple[str, int]]) -> None:
    text = "Budget" + "".join(f" {sign} {number}" for sign, number in tail)
    expected = eval(text, {"Budget": 7.5})
    assert value(text, budget=7.5) == expected


@given(st.text(max_size=60))
def test_no_text_does_anything_but_read_or_fail(text: str) -> None:
    try:
        tree = parse(text, NAMES)
    except UnreadableError:
        return
    assert names_in(tree)
