"""The suite of the results store runs on every engine."""

from support.engines import store, url

__all__ = ["store", "url"]
