"""What stands around a page, as `_frame.html` takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.web.pages.parts import Group, Hidden, Link, Option

THEMES = (
    ("", "Theme of the system", "screen"),
    ("light", "Light theme", "sun"),
    ("dark", "Dark theme", "moon"),
)
"""Values of the theme's cookie, what they are called, their icons."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    name: str
    email: str
    initials: str


@dataclass(frozen=True, slots=True)
class Search:
    """What the search field of the bar searches: the page's own subject."""

    action: str
    placeholder: str
    value: str = ""
    hidden: tuple[Hidden, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """A group of a select."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """The upload dialog. In `curl_pattern` the profile's id is still `{profile}`. `fixed` names
    the profile where it has been chosen already: a form without script sends to one address."""

    url: str
    profile: str
    groups: tuple[Choices, ...]
    formats: tuple[Option, ...]
    curl: str
    curl_pattern: str
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A choice of the theme's switch."""

    value: str
    title: str
    icon: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What a chat shows of a page whose address was pasted (Open Graph); its `title` is also that
    of the browser's tab."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the page. `title` is its subject, `crumbs` what stands above that, `home`
    where our mark leads."""

    title: str
    now: datetime
    theme: str = ""
    person: Person | None = None
    company: Link | None = None
    companies: tuple[Link, ...] = ()
    groups: tuple[Group, ...] = ()
    crumbs: tuple[Link, ...] = ()
    search: Search | None = None
    upload: Upload | None = None
    copy_id: str = ""
    home: str = "/"
    card: Card | None = None

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The theme's switch, as it stands."""
        return tuple(
            Theme(value, title, icon, value == self.theme) for value, title, icon in THEMES
        )
