"""Turns a Python requirement such as "Eddy>=1,<3" into RPM dependencies."""

import re

SHAPE = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*\(?([^;)]*)\)?\s*(;.*)?$")
BOUND = re.compile(r"^\s*(>=|<=|==|<|>)\s*([0-9][0-9A-Za-z.]*)\s*$")


def normal_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies(requirement, prefix):
    """prefix is "python3" or "python3.11"; markers are refused, this world has none."""
    match = SHAPE.match(requirement)
    if not match or match[3]:
        raise ValueError(f"cannot express the requirement {requirement!r}")
    capability = f"{prefix}dist({normal_name(match[1])})"
    bounds = [part for part in match[2].split(",") if part.strip()]
    if not bounds:
        return [capability]
    found = []
    for part in bounds:
        bound = BOUND.match(part)
        if not bound:
            raise ValueError(f"cannot express the bound {part!r} of {requirement!r}")
        found.append(f"{capability} {'=' if bound[1] == '==' else bound[1]} {bound[2]}")
    return found if len(found) == 1 else [f"({' with '.join(found)})"]
