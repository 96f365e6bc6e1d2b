"""``Sidebar.html``: the page of the sidebar in one file, as HtmlService wants it.

Nothing in it comes from elsewhere: styles, code and tables stand in the page itself. No cell of the
sheet does; those come by ``google.script.run`` once the page is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from sheetsync.addon import sources

NAME = "Sidebar.html"
STYLES, SCRIPTS = "<!-- styles -->", "<!-- scripts -->"
"""The lines of ``card.html`` whose place they take."""

START = "CardMain.start();"
"""The only thing that runs when the page is loaded; everything before it only defines names."""


def card_html(generated: Mapping[str, str]) -> str:
    """The page.

    Parameters
    ----------
    generated : name -> text of the scripts that are not in the source, in order
    """
    scripts = {**generated, **sources.with_shared("card")}
    page = sources.read("card/card.html")
    for place, elements in (
        (STYLES, [_element("style", n, text) for n, text in sources.styles("card").items()]),
        (SCRIPTS, [*(_element("script", n, t) for n, t in scripts.items()), _start()]),
    ):
        if page.count(place) != 1:
            raise ValueError(f"card.html needs one line {place}")
        page = page.replace(place, "\n".join(elements))
    return page


def _start() -> str:
    return f"<script>{START}</script>"


def _element(tag: str, name: str, text: str) -> str:
    """A style or script of the page; its text must not be able to end it, or to open a comment."""
    if f"</{tag}" in text.lower() or "<!--" in text:
        raise ValueError(f"{name} cannot stand inside a page")
    return f"<{tag}>\n{text.strip()}\n</{tag}>"
