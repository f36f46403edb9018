"""JSON lines: an object on each line, and nothing else."""

import json

from . import Refused, files


def read(path) -> list[dict]:
    text = files.text(path)
    if text and not text.endswith("\n"):
        raise Refused("The last line does not end")
    return [record(line) for line in text.split("\n")[:-1]]


def record(line: str) -> dict:
    value = json.loads(line, object_pairs_hook=once, parse_constant=refuse)
    if not isinstance(value, dict):
        raise Refused(f"A line is no object: {line}")
    return value


def once(pairs: list) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise Refused(f"A name stands twice: {[name for name, _ in pairs]}")
    return dict(pairs)


def refuse(constant: str):
    raise Refused(f"JSON has no {constant}")
