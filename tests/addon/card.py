"""The sidebar in a browser, with a small sheet behind it.

    with Sheet("en") as sheet, Cards(browser).open(sheet) as page:
        page.get_by_role("radio", name="Confirmed").click()
        assert sheet.saves == [...]

The page is the one that ``addon build`` makes. ``google.script.run`` is Google's own way to the
server side; here it goes to :class:`tests.addon.card_sheet.Sheet`, which answers as the server side
does, holds what was saved, and can be told to be slow, to fail, or to have been changed by somebody
else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Page, Request

from tests.addon.card_sheet import Sheet
from tests.crm.books import NOW

RUN = """
(() => {
  const run = (success, failure) => new Proxy({}, { get: (_, name) => {
    if (name === 'withSuccessHandler') return (handler) => run(handler, failure);
    if (name === 'withFailureHandler') return (handler) => run(success, handler);
    return (argument) => {
      window.waiting += 1;
      void fetch(`/run/${name}`, { method: 'POST', body: JSON.stringify(argument ?? null) }).then(
        async (answer) => {
          if (answer.ok) success(await answer.json());
          else failure(new Error(await answer.text()));
        },
        () => failure(new Error('NetworkError')),
      ).finally(() => { window.waiting -= 1; });
    };
  } });
  window.waiting = 0;
  window.google = { script: { run: run(() => {}, () => {}) } };
})();
"""
"""``google.script.run`` of the page: asynchronous, with handlers, one argument. ``waiting`` is how
many calls are under way."""


class Cards:
    """Sidebars of one browser. A window is opened once for each size, and used again."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[int, float, bool], Page] = {}

    @contextmanager
    def open(
        self, sheet: Sheet, *, width: int = 300, scale: float = 1, clock: bool = False
    ) -> Iterator[Page]:
        """The sidebar, opened; nothing is asked of any other machine, and no script breaks.

        Parameters
        ----------
        width : of the sidebar; 200 % zoom is half the width at twice the scale [CSS px]
        scale : device pixels of a CSS pixel
        clock : whether the page's timers can be moved on by ``page.clock``
        """
        page = self._page(width, scale, clock)
        asked: list[str] = []
        broken: list[str] = []

        def note(request: Request) -> None:
            asked.append(request.url)

        def breaks(error: Error) -> None:
            broken.append(str(error))

        page.on("request", note)
        page.on("pageerror", breaks)
        try:
            page.goto(sheet.url)
            yield page
            assert [url for url in asked if not url.startswith(sheet.url)] == []
            assert broken == []
        finally:
            page.remove_listener("request", note)
            page.remove_listener("pageerror", breaks)
            page.context.set_offline(False)
            page.goto("about:blank")

    def _page(self, width: int, scale: float, clock: bool) -> Page:
        if (width, scale, clock) not in self._pages:
            context = self._browser.new_context(
                viewport={"width": width, "height": 1000},
                device_scale_factor=scale,
                # Days are those of the sheet, wherever the operator is.
                timezone_id="America/New_York",
            )
            context.set_default_timeout(5000)
            context.add_init_script(RUN)
            page = context.new_page()
            if clock:
                page.clock.install(time=NOW)
            self._pages[width, scale, clock] = page
        return self._pages[width, scale, clock]
