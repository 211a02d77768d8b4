"""Assay, the open, self-hosted home of test results."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("assay")
except PackageNotFoundError:  # a source tree that nobody installed
    __version__ = "0"
