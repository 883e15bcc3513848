"""What the store of documents asks of the database."""

from typing import Final

FIND: Final = """
    SELECT document_id, sha256, name, media_type, size, state, code FROM document
    WHERE document_id = ANY(%(ids)s) AND owner = %(owner)s
      AND (expires_at IS NULL OR expires_at > %(now)s)
"""
EXTEND: Final = """
    UPDATE document SET expires_at = greatest(expires_at, %(until)s)
    WHERE document_id = ANY(%(ids)s) AND owner = %(owner)s AND state = 'ready'
      AND (expires_at IS NULL OR expires_at > %(now)s)
    RETURNING document_id, sha256, name, media_type, size, state, code
"""
INSERT: Final = """
    INSERT INTO document
        (document_id, sha256, name, media_type, size, owner, uploaded_at, expires_at, state, code)
    VALUES (%(document_id)s, %(sha256)s, %(name)s, %(media_type)s, %(size)s, %(owner)s,
            %(uploaded_at)s, %(expires_at)s, %(state)s, %(code)s)
    ON CONFLICT (document_id) DO NOTHING
"""
SAME: Final = """
    SELECT document_id, sha256, name, media_type, size, state, code FROM document
    WHERE document_id = %(document_id)s AND sha256 = %(sha256)s
      AND name = %(name)s AND owner = %(owner)s
"""
HOLD: Final = """
    INSERT INTO quarantine (document_id, sha256, code, found, since)
    VALUES (%(document_id)s, %(sha256)s, %(code)s, %(found)s, %(uploaded_at)s)
"""
