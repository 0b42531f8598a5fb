"""Compiles the contracts of proto/ into Python modules, by default into generated/ beside this file.

    python generate.py [FOLDER]
"""

import sys
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
CONTRACTS = HERE.parents[1] / "proto"


def main(arguments):
    folder = Path(arguments[0]) if arguments else HERE / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    contracts = sorted(str(path) for path in (CONTRACTS / "lienminh").rglob("*.proto"))
    return protoc.main(
        [
            "protoc",
            f"--proto_path={CONTRACTS}",
            f"--proto_path={files('grpc_tools') / '_proto'}",
            f"--python_out={folder}",
            f"--grpc_python_out={folder}",
            *contracts,
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
