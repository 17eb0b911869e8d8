"""How soon the command line answers."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measured import Rows, timed

HELP = "import sys; sys.argv = ['karvan', '--help']; from karvan.cli.main import run; run()"


def door() -> Rows:
    """`karvan --help` in a process of its own, the interpreter's start included: the best of five."""
    command = [sys.executable, "-c", HELP]
    seconds = min(timed(lambda: subprocess.run(command, capture_output=True, check=True)) for _ in range(5))
    return [{"case": "karvan --help", "seconds": seconds}]
