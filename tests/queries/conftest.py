"""The questions are asked of on every engine."""

from support.engines import store, url

__all__ = ["store", "url"]
