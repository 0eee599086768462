"""The secret key of a data folder after a rotation that may have been interrupted."""

import psycopg

from app.embedded.data_folder import DataFolder
from events.sealing.secret_key import SecretKey


def settled_secret_key(folder: DataFolder, database_url: str) -> str:
    """Give the data folder's secret key; a next one that the database knows already takes its place first."""
    if folder.next_secret_key.is_file():
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT key_id FROM secret_key").fetchone()
        if row is not None and bytes(row[0]) == SecretKey(folder.drawn_next_secret_key()).key_id:
            folder.take_next_secret_key()
    return folder.kept_secret_key()
