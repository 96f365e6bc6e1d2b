"""The end-of-day report: to the seniors, once a day, within the quota, and escaped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.addon.google import Workplace, built
from tests.addon.shop import ANNA, NAMES, OLGA, Shop
from tests.google import Server

EVENING = datetime(2026, 11, 21, 16, tzinfo=UTC)
"""Seven in the evening in Moscow: the working day is over."""

MARKUP = '<img src=x onerror="alert(1)">&\'🙂 שלום'


class Page(HTMLParser):
    """The tags, links and text of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert all(name == "href" for name, _ in attrs), attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def owner(shop: Shop) -> Iterator[Workplace]:
    """The owner, with an add-on that may send mail, in the evening."""
    with shop.workplace(Server.OWNER, digest=19) as person:
        person.now = EVENING
        yield person


def busy_day(shop: Shop) -> None:
    """A task of today that nobody moved, a loss proposed, a date put off without a word."""
    anna = shop.person()
    leads, header = shop.tab("leads"), shop.header
    hands = shop.server.operator(shop.id)
    hands.type(leads, 2, header("next_action"), date(2026, 11, 21))
    hands.type(leads, 2, header("name"), MARKUP)
    anna.type(leads, 3, header("status"), shop.status("lost"))
    anna.type(leads, 4, header("next_action"), date(2026, 12, 24))


def test_the_report_says_what_the_seniors_have_to_decide(any_shop: Shop) -> None:
    busy_day(any_shop)
    with any_shop.workplace(Server.OWNER, digest=19) as owner:
        owner.now = EVENING
        owner.run("menuDigest")
        mails = {mail["to"]: mail for mail in owner._last.mails}
    assert set(mails) == {OLGA, Server.OWNER}
    body, html = mails[OLGA]["body"], Page(mails[OLGA]["htmlBody"])
    known = any_shop.refresh(datetime(2026, 11, 21, 19)).understood.results.figures
    assert list(known["escalated"].index) == ["L-00001"]
    day = {"en": "2026-11-21", "ru": "21.11.2026"}[any_shop.lang]
    says = [
        any_shop.say("digest.was_due", day=day, status=any_shop.status("new")),
        any_shop.say(
            "digest.needed",
            status=any_shop.status("lost"),
            needed=known["proposed"].loc["L-00002", "needed"],
        ),
        any_shop.say("digest.owed_status", status=any_shop.status("lost")),
        any_shop.say("digest.owed_date"),
    ]
    assert [text in body for text in says] == [True] * 4
    assert [text in html.text for text in says] == [True] * 4
    name = NAMES[any_shop.lang][0]
    assert f"{MARKUP}, L-00001, {name}" in body
    assert f"{MARKUP}, L-00001, {name}" in html.text
    assert html.tags == {"h3", "ul", "li", "a", "p"}
    assert all(link.startswith("https://docs.google.com/") for link in html.links)
    assert "<img" not in mails[OLGA]["htmlBody"]
    assert unescape(html.text) == html.text, "nothing is escaped twice"


def test_nobody_gets_a_second_report_of_a_day(shop: Shop, owner: Workplace) -> None:
    busy_day(shop)
    owner.run("menuDigest")
    assert len(owner._last.mails) == 2
    owner.run("menuDigest")
    assert owner._last.mails == []
    assert owner._last.events[-1]["text"] == shop.say("digest.already")
    owner.run("dailyDigest", trigger="installable")
    assert owner._last.mails == []
    owner.now = datetime(2026, 11, 22, 16, tzinfo=UTC)
    owner.run("dailyDigest", trigger="installable")
    assert len(owner._last.mails) == 2


def test_the_report_and_an_operator_do_not_wait_for_each_other(
    shop: Shop, owner: Workplace
) -> None:
    busy_day(shop)
    owner.locked = ["document"]  # somebody's edit is being logged
    owner.run("menuDigest")
    assert len(owner._last.mails) == 2
    owner.locked = ["script"]  # somebody else sends the report
    owner.run("menuDigest")
    assert (owner._last.mails, owner._last.events[-1]["text"]) == ([], shop.say("trouble.busy"))
    owner.type("Leads", 2, "Status", shop.status("confirmed"))
    assert shop.history("L-00001")[-1]["to"] == shop.status("confirmed")


def test_a_mail_that_cannot_be_sent_keeps_none_of_the_others_back(shop: Shop) -> None:
    busy_day(shop)
    refusing = f"""const MailApp = {{
      getRemainingDailyQuota: () => globalThis.MailApp.getRemainingDailyQuota(),
      sendEmail(mail) {{
        if (mail.to === "{OLGA}") throw new Error("Invalid email");
        globalThis.MailApp.sendEmail(mail);
      }},
    }};"""
    project = built("shop", "en", digest=19)
    with Workplace(
        shop.server, shop.id, Server.OWNER, {**project, "Mail.js": refusing}, now=EVENING
    ) as owner:
        owner.run("menuDigest")
        assert [mail["to"] for mail in owner._last.mails] == [Server.OWNER]
        assert owner._last.events[-1]["text"] == shop.say("trouble.unexpected")
        owner.run("menuDigest")
        assert owner._last.mails == [], "nobody gets theirs twice"


def test_a_day_without_anything_sends_nothing(shop: Shop, owner: Workplace) -> None:
    owner.run("menuDigest")
    assert owner._last.mails == []
    assert owner._last.events[-1]["text"] == shop.say("digest.nothing")


def test_nobody_is_told_of_tasks_of_their_own(shop: Shop, owner: Workplace) -> None:
    hands = shop.server.operator(shop.id)
    hands.type("Leads", 2, "Next action", date(2026, 11, 20))
    hands.type("Leads", 2, "Manager", "Olga")
    owner.run("menuDigest")
    assert [mail["to"] for mail in owner._last.mails] == [Server.OWNER]


def test_a_quota_that_is_used_up_sends_nothing_at_all(any_shop: Shop) -> None:
    busy_day(any_shop)
    with any_shop.workplace(Server.OWNER, digest=19) as owner:
        owner.now = EVENING
        owner.run("menuDigest", quota=1)
        refusal = any_shop.words("addon.trouble.quota", n=1, wanted=2)
        assert (owner._last.mails, owner._last.events[-1]["text"]) == ([], refusal)
        owner.run("dailyDigest", trigger="installable", quota=0)
        assert (owner._last.mails, owner._last.error) == ([], None)
        texts = [each["text"] for each in owner.run("cardCheck")["findings"]]
        why = any_shop.words("addon.trouble.quota", n=0, wanted=2)
        assert any_shop.say("check.digest", why=why) in texts
        owner.run("dailyDigest", trigger="installable", quota=100)
        assert len(owner._last.mails) == 2
        assert any_shop.say("check.digest", why=why) not in [
            each["text"] for each in owner.run("cardCheck")["findings"]
        ]


def test_without_a_senior_there_is_nobody_to_send_it_to(shop: Shop, owner: Workplace) -> None:
    hands = shop.server.operator(shop.id)
    for row in (4, 5):
        hands.type("Team", row, "Role", "operator")
    shop.refresh()
    owner.run("menuDigest")
    assert owner._last.events[-1]["text"] == shop.say("trouble.digest_nobody")


def test_the_daily_report_is_switched_on_and_off(shop: Shop, owner: Workplace) -> None:
    owner.run("menuDigestDaily")
    [trigger] = owner._last.triggers
    assert {key: trigger[key] for key in ("run", "hour", "days", "zone")} == {
        "run": "dailyDigest",
        "hour": 19,
        "days": 1,
        "zone": "Europe/Moscow",
    }
    assert owner._last.events[-1]["text"] == shop.say("digest.switched_on", hour=19)
    owner.run("menuDigestDaily")
    assert owner._last.triggers == []
    assert owner._last.events[-1]["text"] == shop.say("digest.switched_off")


def test_an_add_on_without_the_report_may_not_send_mail(shop: Shop, anna: Workplace) -> None:
    for item in ("menuDigest", "menuDigestDaily"):
        anna.run(item)
        assert anna._last.events[-1]["text"] == shop.say("trouble.digest_off")
    assert anna.email == ANNA


def test_a_long_list_is_cut_and_counted(shop: Shop, owner: Workplace) -> None:
    names = ("Name", "Status", "Manager", "Next action")
    values = ("Lead", shop.status("new"), "Anna", date(2026, 11, 20))
    for header, value in zip(names, values, strict=True):
        shop.person().paste("Leads", 5, header, [[value]] * 55)
    owner.run("menuDigest")
    body = owner._last.mails[0]["body"]
    assert body.count("was due on") == 50
    assert shop.say("digest.more", n=5) in body
