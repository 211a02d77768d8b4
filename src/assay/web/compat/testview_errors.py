"""Errors as XL TestView's clients read them: three strings, and few statuses that they know.

Its Jenkins plugin shows the message of a 400 and of a 422 alone, has a sentence of its own for 401
and 404, and takes all else for "Unknown error. Status code: …". So what is wrong with a delivery is
told as one of these two.
"""

from __future__ import annotations

from assay import errors
from assay.errors import AssayError

PLACES = ("/api/v1/", "/api/internal/")

STATUS: dict[type[Exception], int] = {
    errors.Invalid: 400,
    errors.NotExecutable: 422,
    errors.TakesNone: 422,
    errors.TooLarge: 422,
    errors.UnknownFormat: 422,
}
"""Where these differ from what Assay says elsewhere; a class not named has its parent's."""

CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    413: "too_large",
    415: "unsupported_media_type",
    422: "not_processable",
    429: "too_many_requests",
    500: "fault",
    503: "unavailable",
}
"""A word for each status that stays as it is, for programs."""

CHALLENGE = {"www-authenticate": 'Basic realm="Assay", charset="UTF-8"'}


def speaks(path: str) -> bool:
    """Whether who asks for this path speaks XL TestView's API."""
    return path.startswith(PLACES)


def status_of(error: AssayError) -> int | None:
    """The status that its clients want for an error, where that is a special one."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)


def describe(status: int, message: str) -> dict[str, str]:
    """The body of an error."""
    return {"message": message, "status": str(status), "errorCode": CODES.get(status, "error")}
