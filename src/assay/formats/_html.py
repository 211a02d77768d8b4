"""What a piece of HTML says, as plain text."""

from __future__ import annotations

import re
from html import unescape

LINE_BREAK = re.compile(r"<(?:br|hr|/p|/tr|/div)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")


def plain(html: str) -> str:
    """The text without tags, with a line's end where the page shows one."""
    return html and unescape(TAG.sub("", LINE_BREAK.sub("\n", html))).strip()
