"""What goes wrong is logged with its place, and without a word of what it was about."""

import json
import subprocess
import sys
from textwrap import dedent

from services.config import ROOT

FORGED = 'nowhere\r\n\x85\u2028\u2029{"event": "login_completed"}\x1b[2J\x9b\x00\u202eø'
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
    done = run(crash)
    logged = json.loads(done.stdout)
    stacks = logged["exception"]
    assert [stack["exc_type"] for stack in stacks] == ["ValueError", "KeyError"]
    assert stacks[1]["frames"][-1]["name"] == "refused_row"
    assert SECRET not in done.stdout + done.stderr


def test_no_value_writes_a_line_of_its_own() -> None:
    done = run(f"""
        import structlog
        from services import logs

        logs.set_up()
        structlog.get_logger().warning("topic_differs", topic={FORGED!r}, **{{{FORGED!r}: 1}})
    """)
    [line] = done.stdout.splitlines()
    assert line.isascii()
    assert line.isprintable()
    logged = json.loads(line)
    assert (logged["event"], logged["topic"], logged[FORGED]) == ("topic_differs", FORGED, 1)
    assert logged["timestamp"].endswith("Z")


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", dedent(program)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
