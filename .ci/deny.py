"""Refuses a dependency whose licence, name or source the project does not allow.

Reads `cargo metadata` on standard input; the rules are in deny.toml beside this file.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

RULES = tomllib.loads(Path(__file__).with_name("deny.toml").read_text())


def allowed(expression, allow):
    """Whether a licence expression (SPDX) can be met with allowed licences only."""
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))
    position = 0

    def either():
        nonlocal position
        value = both()
        while position < len(tokens) and tokens[position] == "OR":
            position += 1
            value = both() or value
        return value

    def both():
        nonlocal position
        value = one()
        while position < len(tokens) and tokens[position] == "AND":
            position += 1
            value = one() and value
        return value

    def one():
        nonlocal position
        token = tokens[position]
        position += 1
        if token == "(":
            value = either()
            position += 1
            return value
        if position + 1 < len(tokens) and tokens[position] == "WITH":
            token = f"{token} WITH {tokens[position + 1]}"
            position += 2
        return token in allow

    return either()


def complaints(metadata):
    members = set(metadata["workspace_members"])
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        if package["name"] in RULES["bans"]:
            yield f"{name}: banned, {RULES['bans'][package['name']]}"
        if package["id"] in members:
            continue
        if package["source"] not in RULES["sources"]["allow"]:
            yield f"{name}: from {package['source'] or 'a path outside the workspace'}"
        licence = package["license"] or RULES["licences"]["unnamed"].get(package["name"])
        if not licence or not allowed(licence, RULES["licences"]["allow"]):
            yield f"{name}: licence {licence or 'not named'}"


def main():
    metadata = json.load(sys.stdin)
    found = sorted(complaints(metadata))
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(metadata['packages'])} packages, {len(found)} refused")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
