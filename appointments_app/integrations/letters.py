"""The HTML beside an e-mail's text: the same words, laid out; nothing of it comes from anywhere but the text."""

from __future__ import annotations

import re
from html import escape

_LINK = re.compile(r"https?://[^\s<>\"]+")
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic',Tahoma,Arial,sans-serif"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#3e63dd;color:#ffffff;"
    "text-decoration:none;font-weight:600"
)
_LINKED = "color:#3e63dd"
_DARK = (
    "@media (prefers-color-scheme:dark){.page{background:#111113!important}"
    ".letter{background:#1d1e20!important;color:#edeef0!important}.small{color:#b0b4ba!important}"
    ".letter a.link{color:#9eb1ff!important}}"
)
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


def html_letter(text: str, *, language: str, sender: str, buttons: dict[str, str], small_print: str = "") -> str:
    """Return a letter as HTML.

    ``buttons`` are links with the words they show as: as a button where they stand alone in a line, else as a link.
    Styles stand at each element, as many mail programs read nothing else; dark colours are for those that do.
    """
    direction, side = ("rtl", "right") if language in _RIGHT_TO_LEFT else ("ltr", "left")
    paragraphs = [_paragraph(each, buttons) for each in re.split(r"\n{2,}", text.strip())]
    small = f"margin:24px 0 0;font-size:12px;line-height:18px;color:#60646c;text-align:{side}"
    foot = f'<p class="small" style="{small}">{_lines(small_print, buttons)}</p>'
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(sender)}</title><style>{_DARK}</style></head>"
        f'<body class="page" style="margin:0;padding:24px 12px;background:#f4f4f6;{_FONT}">'
        f'<div class="letter" dir="{direction}" style="max-width:560px;margin:0 auto;padding:28px 24px;'
        "border-radius:12px;background:#ffffff;color:#1c2024;font-size:16px;line-height:26px;"
        f'overflow-wrap:anywhere;word-break:break-word;text-align:{side}">'
        f'<p style="margin:0 0 20px;font-size:18px;font-weight:600">{escape(sender)}</p>'
        f"{''.join(paragraphs)}{foot if small_print else ''}</div></body></html>"
    )


def _paragraph(text: str, buttons: dict[str, str]) -> str:
    lines = text.strip("\n").split("\n")
    shown = [
        _button(line.strip(), buttons[line.strip()]) if line.strip() in buttons else _lines(line, buttons)
        for line in lines
    ]
    return f'<p style="margin:0 0 16px">{"<br>".join(shown)}</p>'


def _button(href: str, words: str) -> str:
    return f'<a href="{escape(href)}" style="{_BUTTON}">{escape(words)}</a>'


def _lines(text: str, buttons: dict[str, str]) -> str:
    parts, last = [], 0
    for link in _LINK.finditer(text):
        href = link[0].rstrip(".,;:!?)")
        words = escape(buttons.get(href, href))
        shown = f'<a class="link" href="{escape(href)}" style="{_LINKED}">{words}</a>'
        parts += [escape(text[last : link.start()]), shown]
        last = link.start() + len(href)
    return "".join([*parts, escape(text[last:])]).replace("\n", "<br>")
