"""Whether every word of a page's interface is one of its language's texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playwright.sync_api import Page

from accounts.routes import FOLDER as ACCOUNTS
from escalation.console.routes import FOLDER as DESK
from voicebot.core.language import Language
from voicebot.transports.phone.routes import FOLDER as PHONE
from voicebot.web.pages import FOLDER as WEB
from voicebot.web.texts import load_texts

_COLLECT = r"""(data) => {
  // Every text that is shown, or read out instead, outside of what callers, clients and people have written.
  const found = new Set();
  const skip = [...data, "kbd", "script", "style", "template", "[hreflang]"].join(",");
  const shown = (element) => (element.closest("select") ?? element).checkVisibility(); // also the choices of a closed menu
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest(skip) || !shown(element)) continue;
    if (node.nodeType === Node.TEXT_NODE) found.add(node.data);
    else for (const name of ["aria-label", "title", "placeholder", "alt"]) found.add(node.getAttribute(name) ?? "");
  }
  return [document.title.replace(/^\(\d+\) /, ""), ...found];
}"""
_NUMBERS = re.compile(r"[\d\s:.,+*#–()h€-]*")
"""Durations, times, telephone numbers, counts, keys."""


def not_of_the_interface(page: Page, language: Language, *, data: Sequence[str], names: Sequence[str]) -> list[str]:
    """Texts of the page that are not among the texts of a language.

    Args:
        page: as it stands.
        language: that everything shall be in.
        data: selectors of what callers, clients and people have written, in whatever language.
        names: of people, firms and products.
    """
    known = tuple(_patterns(language))
    pieces = [piece.strip() for text in page.evaluate(_COLLECT, list(data)) for piece in text.split(" · ")]
    allowed = {name.lower() for name in names}
    return [
        piece
        for piece in pieces
        if not _NUMBERS.fullmatch(piece) and piece.lower() not in allowed and not any(p.fullmatch(piece) for p in known)
    ]


def _patterns(language: Language) -> Iterator[re.Pattern[str]]:
    """One for each text; what has no word of its own beside its parameters says nothing."""
    texts = load_texts(*(folder / "texts" for folder in (WEB, ACCOUNTS, DESK, PHONE)))[language]
    for text in texts.values():
        for part in text.split(" · "):
            literal = re.sub(r"\{\w+\}", "", part)
            if re.search(r"\w{2}", literal):
                yield re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(part.strip())))
