"""python -m tests.rights: as many random histories of rights as one likes, or one of them."""

import argparse
import sys
import time

from tests.rights.histories import History

FAILURES_SHOWN = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.rights", description=__doc__)
    parser.add_argument("--histories", type=int, default=20_000, help="how many (20000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    asked = parser.parse_args()
    began, questions, allowed, failed = time.monotonic(), 0, 0, 0
    for seed in range(asked.first, asked.first + asked.histories):
        history = History(seed=seed)
        history.play()
        questions += history.questions
        allowed += history.allowed
        failed += bool(history.wrong)
        if history.wrong and failed <= FAILURES_SHOWN:
            sys.stdout.write(f"seed {seed}: {history.wrong[0]}\n")
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{asked.histories} histories, {questions} questions of which {allowed} were allowed, "
        f"{failed} histories failed, {seconds:.0f} s\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
