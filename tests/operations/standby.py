"""A hot standby of a PostgreSQL server, which can take over."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.support.network import LOOPBACK, free_port
from tests.support.postgresql import PostgresqlServer, find_program
from tests.support.processes import UNPRIVILEGED, Process, identity_of


class Standby:
    """A server that follows another one until it is promoted."""

    def __init__(self, primary: PostgresqlServer) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="standby-"))
        self._data = self._folder / "data"
        shutil.chown(self._folder, UNPRIVILEGED)
        source = ["-h", LOOPBACK, "-p", str(primary.port), "-U", "idp", "--checkpoint=fast"]
        self._run("pg_basebackup", *source, "--write-recovery-conf", "-D", str(self._data))
        settings = {"port": str(self.port), "unix_socket_directories": str(self._folder)}
        settings |= {"listen_addresses": LOOPBACK, "max_connections": "200"}
        options = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        self._process = Process(
            [find_program("postgres"), "-D", self._data, *options],
            log=self._folder / "log",
            folder=self._folder,
            user=UNPRIVILEGED,
        )
        self._process.wait_for_port(self.port)

    def count(self, table: str, database: str) -> int:
        """Count the rows of a table, as far as they have come."""
        address = f"host={LOOPBACK} port={self.port} user=idp dbname={database}"
        with psycopg.connect(address) as connection:
            found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608 - a test's own words
        return int(found[0]) if found else 0

    def promote(self) -> None:
        """Take over."""
        self._run("pg_ctl", "promote", "-D", str(self._data))

    def close(self) -> None:
        """End the server and forget its data."""
        self._process.kill()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *options: str) -> None:
        subprocess.run(
            [find_program(program), *options],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **identity_of(UNPRIVILEGED),
        )
