"""The process that looks into one file: `python -m services.documents.inspecting FILE`.

It prints one line of JSON and ends. What it may use is bounded before it reads the first byte,
so that a file made to exhaust a machine exhausts this process and nothing else.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Final

from services.documents.inspection import inspect
from services.documents.limits import CPU_SECONDS_AT_MOST, MEMORY_AT_MOST
from services.documents.suspicion import Suspicion
from services.refusals import DocumentRefused

_FILES: Final = 32


def main(path: Path) -> None:
    _bound()
    try:
        found = inspect(path)
    except DocumentRefused as refused:
        told: dict[str, object] = {"refused": refused.code, "facts": refused.facts}
    except (MemoryError, RecursionError):
        told = {"suspicions": [Suspicion.NOT_INSPECTED]}
    else:
        told = {"media_type": found.media_type, "suspicions": sorted(found.suspicions)}
    sys.stdout.write(json.dumps(told))


def _bound() -> None:
    """Memory, time and open files end early; no file can be written and no core dumped."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_AT_MOST, MEMORY_AT_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_AT_MOST, CPU_SECONDS_AT_MOST))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
