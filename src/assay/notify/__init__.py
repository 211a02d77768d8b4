"""Tells people and programs what became of a report, one file a channel.

What is told is queued in the catalog (`post`, `telling`) and sent by a background loop
(`delivering`), again and again until it arrives or is given up.
"""
