"""How OpenAPI describes the import API: written from the table of its options, so that Swagger's
*Try it out* offers each of them, in the address and in the form."""

from __future__ import annotations

from typing import Any

from assay.web.options import OPTIONS, Option, read_flag, read_tags

TYPES: dict[Any, dict[str, Any]] = {
    read_flag: {"type": "boolean"},
    read_tags: {"type": "array", "items": {"type": "string"}},
}
"""What a reader reads, where that is not a plain string."""

UNSAID = frozenset({"tag"})
"""Other spellings, taken and not advertised."""

BYTES = {"type": "string", "format": "binary"}
FILES = {
    "file[]": "The report files, or archives of them; `file` will do",
    "attachment[]": "Screenshots, videos, logs, HTML reports and the like, or a zip of them",
}

STATUS = {
    "report_id": 148239,
    "report_url": "https://assay.example/reports/148239",
    "report_status_url": "https://assay.example/api/v2/report/148239/status",
    "report_import_status": "queued",
    "report_import_progress": "0",
    "message": "Received; the report will be there in a moment",
}

PROBLEMS = {
    401: "No key came, or one that is unknown, revoked or expired.",
    403: "The key, or its owner's role in the company, may not do this.",
    404: "No such profile, or none that the key's owner may see; or no format of that name.",
    413: "More bytes, or more files, than the server takes in one upload.",
    422: "No file came, a parameter cannot be read, or the body is broken. With "
    "`process_async=false` also an import that failed: then with the six keys of the answer.",
}
"""What an answer other than 2xx means."""


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The answers of these codes, for FastAPI's `responses`."""
    return {code: _problem(PROBLEMS[code]) for code in codes}


def _problem(meaning: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {"type": "string", "description": "What is wrong and what to do"},
            "field": {"type": "string", "description": "The parameter that it is about"},
        },
    }
    return {"description": meaning, "content": {"application/json": {"schema": schema}}}


def schema(option: Option) -> dict[str, Any]:
    """An option's type and default, as JSON Schema."""
    found = dict(TYPES.get(option.read, {"type": "string"}))
    return found if option.default is None else {**found, "default": option.default}


def parameters(*without: str) -> list[dict[str, Any]]:
    """Every option as a query parameter."""
    return [
        {"name": name, "in": "query", "required": False, "schema": schema(option)}
        | {"description": option.meaning}
        | ({"deprecated": True} if option.old else {})
        for name, option in _told(*without)
    ]


def body(*without: str) -> dict[str, Any]:
    """The forms in which files may come, the first with every option as a field."""
    files = {
        name: {"type": "array", "items": BYTES, "description": meaning}
        for name, meaning in FILES.items()
    }
    fields = {name: _field(option) for name, option in _told(*without)}
    form = {"type": "object", "properties": files | fields}
    each = {"style": "form", "explode": True}
    return {
        "required": True,
        "description": "The files as a form, or one file as it is.",
        "content": {
            "multipart/form-data": {"schema": form, "encoding": {"tag[]": each}},
            "text/xml": {"schema": {"type": "string"}},
            "application/json": {"schema": {}},
            "application/octet-stream": {"schema": BYTES},
        },
    }


def _field(option: Option) -> dict[str, Any]:
    """A field of the form, left blank: Swagger fills others with the word “string”."""
    found = schema(option) | {"description": option.meaning}
    found |= {"deprecated": True} if option.old else {}
    if "default" in found:
        return found
    return found | {"example": [] if found["type"] == "array" else ""}


def _told(*without: str) -> list[tuple[str, Option]]:
    return [pair for pair in OPTIONS.items() if pair[0] not in UNSAID | set(without)]
