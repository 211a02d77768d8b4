"""How OpenAPI describes XL TestView's import: bodies and answers that its types cannot tell."""

from __future__ import annotations

from typing import Any

ERROR = {
    "type": "object",
    "required": ["message", "status", "errorCode"],
    "properties": {
        "message": {"type": "string", "description": "What is wrong and what to do"},
        "status": {"type": "string", "description": "The HTTP status"},
        "errorCode": {"type": "string", "description": "A word for it, for programs"},
    },
}

PROBLEMS = {
    400: "The body is not one zip and one JSON object, or a key begins with `@` or `_`.",
    401: "No credentials came, or wrong ones.",
    403: "The caller's role, or key, may not do this.",
    404: "No such test specification in this project, or none that the caller may see.",
    422: "It is a set; or the zip is broken, none of its files is a report, or one is broken.",
}


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The answers of these codes, for FastAPI's `responses`."""
    return {
        code: {
            "description": PROBLEMS[code],
            "content": {"application/json": {"schema": ERROR}},
        }
        for code in codes
    }


BODY = {
    "required": True,
    "description": "Two parts in any order, told by their Content-Type alone: the results as "
    "`application/zip`, and what is known of the build as `application/json` (`{}` will do).",
    "content": {
        "multipart/mixed": {
            "schema": {
                "type": "object",
                "required": ["results", "metadata"],
                "properties": {
                    "results": {"type": "string", "format": "binary"},
                    "metadata": {"type": "object", "additionalProperties": True},
                },
            },
            "encoding": {
                "results": {"contentType": "application/zip"},
                "metadata": {"contentType": "application/json"},
            },
        }
    },
}

IMPORT: dict[str, Any] = {
    "openapi_extra": {"requestBody": BODY, "security": [{"APIKeyHeader": []}]},
    "responses": {
        200: {
            "description": "All runs are imported. Where the server cannot tell a waiting client "
            "that it goes on, it answers after a while, and the import goes on.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["testRunId"],
                        "properties": {"testRunId": {"type": "array", "items": {"type": "string"}}},
                    }
                }
            },
        },
        304: {"description": "Every run in it is known. Nothing was imported."},
        **problems(400, 401, 403, 404, 422),
    },
}
INFO: dict[str, Any] = {"responses": problems(401)}
DATA: dict[str, Any] = {"responses": problems(401)}
