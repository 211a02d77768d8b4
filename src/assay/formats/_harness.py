"""Logs of what runs programs as tests: what these printed stands in them, in formats of its own."""

from __future__ import annotations

from assay.formats import automake, ctesttext
from assay.formats.format import Head


def of_a_harness(head: Head) -> bool:
    """Is it CTest's or Automake's log? Then what a test in it has printed is no document."""
    return ctesttext.sniff(head) or automake.sniff(head)
