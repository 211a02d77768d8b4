"""What can go wrong, as one tree. Each message says what, where and what to do.

AssayError
├── Malformed(where)          a document breaks its format's rules
│   └── TooLarge              … or a limit on size, depth or number
├── UnknownFormat             nothing recognises the document, or no format has that name
├── Ambiguous(candidates)     more than one format recognises it
├── NotFound                  no such thing, or none that the caller may see
├── Gone                      it was there, and takes nothing any more
├── OutOfStep(offset)         bytes that do not begin where those before them end
├── TooMany                   so many at the same time are not allowed
├── NotAllowed                the caller is known, and may not
├── Unauthenticated           the caller is not known
├── Invalid(field)            a value the caller sent cannot be used
│   ├── TakesNone             … or results were sent to what has none of its own
│   └── NotExecutable         … or a run was asked for where there is no job
├── Undeliverable(permanent)  a message did not arrive: not yet, or it never will
├── Interrupted               what did the work was stopped from outside; it begins again
└── Unavailable               a store or a limit of this machine is in the way; try again
"""

from __future__ import annotations

from collections.abc import Sequence


class AssayError(Exception):
    """The root. `str(error)` is a sentence a person can act on."""


class Malformed(AssayError):
    """A document that breaks its format's rules at `where` (a line, or the path of an element)."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{message} (at {where})" if where else message)
        self.message = message
        self.where = where

    def __reduce__(self) -> tuple[type[Malformed], tuple[str, str]]:
        return type(self), (self.message, self.where)


class TooLarge(Malformed):
    """A document, a member of an archive or a nesting that passes a limit."""


class UnknownFormat(AssayError):
    """No format recognises the document, or none has the name that was asked for."""


class Ambiguous(AssayError):
    """Several formats recognise one document."""

    def __init__(self, candidates: Sequence[str]) -> None:
        super().__init__(
            f"More than one format recognises this file: {', '.join(candidates)}. "
            "Name the one you mean in the address, e.g. …/import/" + candidates[0]
        )
        self.candidates = tuple(candidates)

    def __reduce__(self) -> tuple[type[Ambiguous], tuple[Sequence[str]]]:
        return type(self), (self.candidates,)


class NotFound(AssayError):
    """No such thing, or none that the caller may see: the two are never told apart."""


class Gone(AssayError):
    """A thing that was there, that the caller knows of, and that takes nothing any more."""


class OutOfStep(AssayError):
    """Bytes for a stream that do not begin where it ends, which is at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"The stream ends at byte {offset:,}: go on from there")
        self.offset = offset


class TooMany(AssayError):
    """More of these at the same time than are allowed."""


class NotAllowed(AssayError):
    """The caller may see the thing, and not do this to it."""


class Unauthenticated(AssayError):
    """No key or session came with the request, or one that is not (or no longer) valid."""


class Invalid(AssayError):
    """A value that cannot be used; `field` names it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TakesNone(Invalid):
    """Results for a set, which only tells of its members'."""


class NotExecutable(Invalid):
    """A run of a profile that has no job to start."""


class Undeliverable(AssayError):
    """A message did not arrive. Where it is not `permanent` it is worth another try, in `after`
    seconds if the receiver has said so. It was sent, and `perhaps` it has arrived, where no answer
    came."""

    def __init__(
        self, message: str, *, permanent: bool = False, after: float = 0, perhaps: bool = False
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.after = after
        self.perhaps = perhaps


class Interrupted(AssayError):
    """What did the work was stopped from outside, which says nothing about the work."""


class Unavailable(AssayError):
    """Something this needs is not to be had just now; the same call may work later."""
