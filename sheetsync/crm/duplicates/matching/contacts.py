"""Phones and e-mails as keys: equal where they reach the same person, however they are written."""

from __future__ import annotations

import re

from sheetsync.cells.text import plain, vocabulary

_SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    **dict.fromkeys(("ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"), "yandex.ru"),
}
FREE = vocabulary(
    """
    gmail.com yandex.ru mail.ru bk.ru list.ru inbox.ru internet.ru rambler.ru lenta.ru ro.ru
    outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com icloud.com me.com mac.com
    proton.me protonmail.com gmx.com gmx.de gmx.net web.de zoho.com ukr.net tut.by mail.com
    fastmail.com qq.com 163.com vk.com example.com example.org example.net
    """
)
"""Where anybody may have a mailbox, so that the domain says nothing of a firm."""

_ROLES = vocabulary(
    """
    info sales sale office contact contacts admin administrator support help hello hi mail
    post reception booking bookings reservation reservations order orders zakaz zakazy manager
    director team service services shop store marketing hr job jobs pr press buh
    accounting accounts finance billing secretary sekretar priem prodazhi opt tender
    webmaster postmaster noreply no-reply enquiries inquiries welcome
    """
)
_SURE_ROLES = frozenset(("info", "sales", "office", "zakaz", "support"))
"""Words that are nobody's name, so that more may follow them."""
_HOLLOW = vocabulary(
    """
    test tests testing test1 test123 asdf qwerty none no na nomail noemail no-email net nety nope
    xxx abc a aa aaa example user email e-mail 123 1234 12345 123456 111 null undefined fake
    unknown anonymous
    """
)
_HOLLOW_DOMAINS = vocabulary("test.ru test.com test.test email.com no.no")

_UP = "01234567890123456789"
PHONE_DIGITS = 10
"""Digits from the end by which a number is the same with and without its country code."""


def mailbox(address: str) -> str:
    """The mailbox that an address in lower case reaches, as one spelling of it.

    What follows a ``+`` is a label of the same mailbox (subaddressing, RFC 5233). Gmail does not
    see dots and is googlemail.com too (Gmail Help, "Dots don't matter in Gmail addresses"). A
    mailbox of Yandex has one name under ya.ru, yandex.ru, .com, .by, .kz and .ua, in which a dot
    and a hyphen are the same (Yandex Support, "Mailbox aliases").
    """
    local, _, domain = address.rpartition("@")
    domain = _SAME_DOMAIN.get(domain, domain)
    local = local.partition("+")[0] or local
    if domain == "gmail.com":
        local = local.replace(".", "") or local
    elif domain == "yandex.ru":
        local = local.replace(".", "-")
    return f"{local}@{domain}"


def is_role(box: str) -> bool:
    """Whether a mailbox is one of a role (info@, sales-msk@), which several people read."""
    local = box.partition("@")[0].rstrip("0123456789._-")
    return local in _ROLES or re.split(r"[._-]", local)[0] in _SURE_ROLES


def is_hollow_mailbox(box: str) -> bool:
    """Whether a mailbox is what people type to have typed something: test@test.ru."""
    local, _, domain = box.partition("@")
    return (
        local in _HOLLOW
        or domain in _HOLLOW_DOMAINS
        or (local == domain.partition(".")[0] and domain not in FREE and len(local) < 5)
        or len(set(local)) == 1
    )


def digits_of(text: str) -> str:
    """The decimal digits of a text, as ASCII."""
    return re.sub(r"\D", "", plain(text))


def is_hollow_phone(digits: str) -> bool:
    """Whether a number was made up to fill the cell: its last seven digits are one digit, or its
    last ten count up or down. (The 123-45-67 of many a form may be somebody's.)"""
    tail = digits[-PHONE_DIGITS:]
    return len(set(tail[-7:])) <= 1 or (
        len(tail) == PHONE_DIGITS and (tail in _UP or tail in _UP[::-1])
    )
