"""Forgetting logins that nobody finished and sessions that are over."""

from datetime import datetime

from psycopg import Connection

from services.database import Row


def sweep_logins(db: Connection[Row], now: datetime) -> None:
    """What is idle only is refused when it comes, and forgotten with its day."""
    db.execute("DELETE FROM login_pending WHERE expires_at <= %s", [now])
    db.execute("DELETE FROM login_session WHERE ends_at <= %s", [now])
