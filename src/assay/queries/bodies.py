"""The wide part of a result or container, from what the store keeps of it."""

from __future__ import annotations

import msgspec

from assay.rows import ContainerDetail, Detail
from assay.store.bodies import unpack

_details = msgspec.json.Decoder(Detail)
_containers = msgspec.json.Decoder(ContainerDetail)


def read_detail(stored: bytes | None) -> Detail:
    """The detail stored as `details.body`; an empty one where there is none."""
    return _details.decode(unpack(stored)) if stored else Detail()


def read_container(stored: bytes) -> ContainerDetail:
    """The detail stored as `containers.body`."""
    return _containers.decode(unpack(stored))
