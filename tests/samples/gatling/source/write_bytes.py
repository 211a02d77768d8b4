"""Writes simulation-3.12.log, the run of write.py as Gatling writes it since 3.12: records of bytes."""

import struct
from pathlib import Path

from write import START, events

texts: dict[str, int] = {}
NUMBER = {"REQUEST": 1, "USER": 2, "GROUP": 3, "ERROR": 4}


def text(value):
    data = value.encode("latin-1")
    return struct.pack(">i", len(data)) + (data + b"\0" if data else b"")


def known(value):
    if value in texts:
        return struct.pack(">i", -texts[value])
    texts[value] = len(texts) + 1
    return struct.pack(">i", texts[value]) + text(value)


def since(at):
    return struct.pack(">i", at - START)


def groups(name):
    names = [name] if name else []
    return struct.pack(">i", len(names)) + b"".join(map(known, names))


def record(kind, rest):
    if kind == "USER":
        return struct.pack(">i", 0) + bytes([rest[1] == "START"]) + since(rest[2])
    if kind == "ERROR":
        return known(rest[0]) + since(rest[1])
    if kind == "GROUP":
        _, name, began, ended, total, status = rest
        return groups(name) + since(began) + since(ended) + struct.pack(">i", total) + bytes([status == "OK"])
    _, group, name, began, ended, status, message = rest
    return groups(group) + known(name) + since(began) + since(ended) + bytes([status == "OK"]) + known(message)


run = text("3.12.0") + text("shop.CheckOutSimulation") + struct.pack(">q", START) + text("nightly")
run += struct.pack(">i", 1) + text("Shoppers") + struct.pack(">i", 0)
records = (bytes([NUMBER[kind]]) + record(kind, rest) for kind, *rest in events())
Path("simulation-3.12.log").write_bytes(b"\0" + run + b"".join(records))
