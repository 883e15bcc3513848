"""Processes that another one starts."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.children import Children, NotStarted
from services.config import from_environment


def test_what_does_not_start_is_named_with_where_its_log_lies(tmp_path: Path) -> None:
    config = replace(from_environment(), data=tmp_path, port=1)
    with (
        Children(config, ["no-such-process"]) as children,
        pytest.raises(NotStarted, match=f"no-such-process could not start; see {tmp_path}"),
    ):
        children.wait_until_ready()
    assert "no-such-process" in (tmp_path / "no-such-process.log").read_text()
