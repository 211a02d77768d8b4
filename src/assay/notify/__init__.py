"""Tells people and programs what became of a report, one file a channel.

What is told is queued in the catalog (`post`, `telling`) and sent by a background loop
(`delivering`), again and again until it arrives or is given up.
"""

from __future__ import annotations

from assay.errors import NotFound
from assay.notify import discord, email, slack, teams, webhook
from assay.notify.channel import Channel

CHANNELS: tuple[Channel, ...] = (
    email.CHANNEL,
    slack.CHANNEL,
    teams.CHANNEL,
    discord.CHANNEL,
    webhook.CHANNEL,
)


def by_name(name: str) -> Channel:
    """Raises `NotFound` for a kind of channel that there is not."""
    for each in CHANNELS:
        if each.name == name:
            return each
    raise NotFound(f"There is no kind of channel {name!r}")


__all__ = ["CHANNELS", "Channel", "by_name"]
