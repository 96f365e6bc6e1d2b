"""One person at work in one file with the add-on: what the preview's page can ask for.

Every answer is plain JSON. An edit and what the add-on makes of it go into the file together, in
one step or not at all; a file that somebody else wrote meanwhile is read again first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from html import unescape
from typing import Any

from sheetsync.addon.build import project
from sheetsync.addon.config import Options
from sheetsync.addon.preview.document import FileDocument
from sheetsync.addon.preview.host import Addon, Run
from sheetsync.addon.preview.people import Person
from sheetsync.addon.preview.typed import told, typed
from sheetsync.addon.preview.view import Change, View
from sheetsync.errors import SheetsyncError
from sheetsync.workbooks.xlsx.file import check_unlocked

Answer = dict[str, Any]

ASKED = ("start", "view", "type", "select", "menu", "run", "look")
"""What the page, and the card in it, can ask for; see :meth:`Session.ask`."""

_TEXT_OF_HTML = re.compile(r"<[^>]*>")


class Session:
    """The preview of one file.

    Parameters
    ----------
    file : the document; its roles have to let ``person`` in
    options : what the add-on is built with
    now : what the scripts' clock shows; None for the machine's
    """

    def __init__(
        self,
        file: FileDocument,
        options: Options,
        person: Person,
        *,
        now: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._file, self._person, self._now = file, person, now
        # One thing after another, and all of it in one thread: V8 does not like to move.
        self._thread = ThreadPoolExecutor(1, "preview")
        self._version = self._epoch = 1
        self._active: tuple[int, tuple[int, int, int, int]] | None = None
        self._sidebar = ""
        self._shown: list[Answer] = []
        self._view = self._looked_at()
        self._stamp = self._on_disk()
        try:
            self._addon, self._menu = self._thread.submit(self._begin, project(options)).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def close(self) -> None:
        """Free what V8 holds."""
        self._thread.submit(self._addon.close).result()
        self._thread.shutdown()

    @property
    def sidebar(self) -> str:
        """The page that the add-on showed last, as it gave it; "" before it showed one."""
        return self._sidebar

    @property
    def words(self) -> Any:
        """The texts of the CRM's language."""
        return self._file.words

    def ask(self, what: str, given: Mapping[str, Any]) -> Answer:
        """Answer the page: ``what`` is one of :data:`ASKED`; what went wrong is a sentence in
        ``told``.

        Raises
        ------
        KeyError, ValueError, TypeError
            ``given`` is not as the page sends it.
        """
        return self._thread.submit(self._answer, what, given).result()

    # -- what the page asks ------------------------------------------------------------------

    def _answer(self, what: str, given: Mapping[str, Any]) -> Answer:
        doing: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "start": self._start,
            "view": self._page,
            "type": self._type,
            "select": self._select,
            "menu": self._choose,
            "run": self._run_for_card,
            "look": lambda _: {},
        }
        try:
            self._reread_if_changed()
            answer = doing[what](given)
        except SheetsyncError as error:
            answer = {"told": error.sentence(self.words)}
        shown, self._shown = self._shown, []
        return {
            **answer,
            "version": self._version,
            "epoch": self._epoch,
            "shown": shown,
            "selected": self._selected(),
        }

    def _start(self, _: Mapping[str, Any]) -> Answer:
        return {
            "title": self._file.path.name,
            "lang": self.words.lang,
            "person": self._person.name or self._person.email,
            "tabs": self._view.tabs(),
            "menu": self._menu,
            "words": self.words.group("preview"),
        }

    def _page(self, given: Mapping[str, Any]) -> Answer:
        return {"view": self._view.page(str(given["tab"]), int(given.get("first", 2)))}

    def _select(self, given: Mapping[str, Any]) -> Answer:
        tab, row, column = str(given["tab"]), int(given["row"]), int(given["column"])
        self._active = (self._view.sheet(tab)["id"], (row, column, 1, 1))
        return {}

    def _type(self, given: Mapping[str, Any]) -> Answer:
        """Type into a cell, as at the keyboard; the add-on hears of it as it would in a sheet."""
        tab, row, column = str(given["tab"]), int(given["row"]), int(given["column"])
        if int(given["epoch"]) != self._epoch:
            return {"told": self.words("preview.reread")}
        field = self._view.field(tab, column)
        if field is None or row < 2:
            return {"told": self.words("preview.not_yours")}
        value = typed(str(given["text"]), field.kind)
        before = self._view.value(tab, row, column)
        if value == before:
            return {}
        check_unlocked(self._file.path)
        sheet = self._view.sheet(tab)["id"]
        change = {"op": "set", "sheet": sheet, "row": row, "column": column, "value": value}
        back = self._view.put(change)
        self._active = (sheet, (row, column, 1, 1))
        event: Answer = {"sheet": sheet, "range": [row, column, 1, 1]}
        event |= {
            key: told(each)
            for key, each in (("value", value), ("oldValue", before))
            if each is not None
        }
        try:
            self._addon.open(self._file.document)
            run = self._run("onEdit", trigger="simple", event=event)
            self._keep([change], run)
        except SheetsyncError:
            if back is not None:
                self._view.put(back)
            self._addon.open(self._file.document)
            raise
        return {}

    def _choose(self, given: Mapping[str, Any]) -> Answer:
        """Click an item of the add-on's menu."""
        function = str(given["function"])
        if function not in _functions(self._menu):
            return {"told": self.words("preview.unknown")}
        self._keep([], self._run(function))
        return {"sidebar": any(each["kind"] == "sidebar" for each in self._shown)}

    def _run_for_card(self, given: Mapping[str, Any]) -> Answer:
        """A call of google.script.run: ``result``, or ``error`` where it has thrown."""
        run = self._run(str(given["function"]), *given.get("arguments", ()))
        try:
            self._keep([], run)
        except SheetsyncError as error:
            # The scripts believe it is done: let them look at what the file really has.
            self._addon.open(self._file.document)
            return {"result": {"ok": False, "told": error.sentence(self.words)}}
        if run.error is not None:
            return {"error": run.error.message}
        return {"result": run.result}

    # -- inside ------------------------------------------------------------------------------

    def _begin(self, made: Mapping[str, str]) -> tuple[Addon, list[Answer]]:
        """Open the document as the person; the add-on and its menu."""
        self._addon = Addon(made, self._file.document)
        run = self._run("onOpen", trigger="simple", event={})
        if self._person.name is not None:
            self._keep([], self._run("cardMe", self._person.name))
        menus = [event for event in run.events if event["kind"] == "menu"]
        return self._addon, [{key: menu[key] for key in ("caption", "items")} for menu in menus]

    def _run(self, function: str, *args: Any, **how: Any) -> Run:
        run = self._addon.run(
            function,
            *args,
            user=self._person.email,
            now=self._now(),
            active=self._active,
            language=self.words.lang,
            **how,
        )
        self._active = run.selected or self._active
        self._note(run)
        return run

    def _keep(self, before: Sequence[Change], run: Run) -> None:
        """Write an edit and what a run changed, in one step, into the file and the document."""
        if before or run.changes:
            self._file.apply([*before, *run.changes])
            self._stamp = self._on_disk()
            for change in run.changes:
                self._view.put(change)
            self._version += 1

    def _note(self, run: Run) -> None:
        """Keep what was shown for the page, and the page of the sidebar for its frame."""
        for event in run.events:
            if event["kind"] == "toast":
                self._tell("toast", event.get("title"), event["message"])
            elif event["kind"] in ("alert", "prompt"):
                self._tell("alert", event["title"], event["text"])
            elif event["kind"] == "dialog":
                self._tell("alert", event["title"], _text_of(event["html"]))
            elif event["kind"] == "sidebar":
                self._sidebar = event["html"]
                self._tell("sidebar", event["title"], "")
        for mail in run.mails:
            self._tell("mail", str(mail.get("to", "")), str(mail.get("subject", "")))
        if run.error is not None:
            self._tell("error", self.words("preview.script_error"), str(run.error))

    def _tell(self, kind: str, title: str | None, text: str) -> None:
        self._shown.append({"kind": kind, "title": title or "", "text": text})

    def _selected(self) -> Answer | None:
        if self._active is None:
            return None
        sheet, (row, column, _, _) = self._active
        return {"tab": self._view.tab_of(sheet), "row": row, "column": column}

    def _reread_if_changed(self) -> None:
        if self._on_disk() == self._stamp:
            return
        self._file.reload()
        self._view = self._looked_at()
        self._stamp = self._on_disk()
        self._addon.open(self._file.document)
        self._version += 1
        self._epoch += 1

    def _looked_at(self) -> View:
        document = self._file.document
        document["permissions"].setdefault(self._person.email, "writer")
        return View(document, self._file.layout, self._file.words)

    def _on_disk(self) -> tuple[int, int] | None:
        try:
            status = self._file.path.stat()
        except FileNotFoundError:
            return None
        return status.st_size, status.st_mtime_ns


def _functions(items: Sequence[Mapping[str, Any]]) -> set[str]:
    """The functions behind a menu and the menus in it."""
    found = {str(item["run"]) for item in items if "run" in item}
    return found.union(*(_functions(item["items"]) for item in items if "items" in item))


def _text_of(html: str) -> str:
    """The words of a dialog."""
    return " ".join(unescape(_TEXT_OF_HTML.sub(" ", html)).split())
