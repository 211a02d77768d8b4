"""From a page's dataclass to its HTML: the templates, their filters, where static files are."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from assay.web.pages import words
from assay.web.pages.icons import ICONS

WEB = Path(__file__).parent.parent
STATIC = WEB / "static"
FILTERS = (
    words.number, words.duration, words.size, words.exact, words.machine, words.relative,
    words.ahead, words.short, words.day, words.date, words.count,
)  # fmt: skip


@cache
def static(path: str) -> str:
    """The address of a static file, with its content's hash so that it may be cached for ever."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


@cache
def templates() -> Environment:
    """The environment of all pages: names must exist, values are escaped."""
    env = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals |= {"static": static, "ICONS": ICONS}
    env.filters |= {function.__name__: function for function in FILTERS}
    return env


def prepare() -> None:
    """Read every template, so that no visitor waits for one to be read."""
    for name in templates().list_templates(extensions=["html"]):
        templates().get_template(name)


def show(template: str, page: object, status: int = 200) -> HTMLResponse:
    """The template `template`, fed `page`, as an answer."""
    return HTMLResponse(html(template, page), status)


def html(template: str, page: Any) -> str:
    """The text of the template `template`, fed `page`."""
    return templates().get_template(f"{template}.html").render(page=page)
