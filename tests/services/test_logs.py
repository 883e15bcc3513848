"""What goes wrong is logged with its place, and without a word of what it was about."""

import json
import subprocess
import sys
from textwrap import dedent

from services.config import ROOT

SECRET = "0101701234"  # noqa: S105  # a made-up CPR number


def test_a_crash_is_logged_with_its_place_and_without_what_it_says() -> None:
    crash = f"""
        import structlog
        from services import logs

        def refused_row() -> None:
            number = "{SECRET}"
            try:
                raise KeyError("Failing row contains (" + number + ")")
            except KeyError as error:
                error.add_note(number)
                raise ValueError("no number: " + number) from error

        logs.set_up()
        try:
            refused_row()
        except ValueError:
            structlog.get_logger().exception("request_crashed")
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(crash)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    logged = json.loads(done.stdout)
    stacks = logged["exception"]
    assert [stack["exc_type"] for stack in stacks] == ["ValueError", "KeyError"]
    assert stacks[1]["frames"][-1]["name"] == "refused_row"
    assert SECRET not in done.stdout + done.stderr
