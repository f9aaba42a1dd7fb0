"""A private PostgreSQL server: its own cluster in a temporary folder, its own port."""

import shutil
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

from tests.support.memory import make_memory_folder
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import UNPRIVILEGED, Process, identity_of

CLUSTER_OPTIONS = ["--username=idp", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]

DURABLE = {"listen_addresses": LOOPBACK, "max_connections": "200", "timezone": "UTC"}
# A lost database costs a test nothing: in memory, durability off, all else as Debian ships it.
SETTINGS = DURABLE | {"fsync": "off", "full_page_writes": "off"}


class PostgresqlServer:
    """A running server, until `close`; `stop` and `start` in between keep port and data."""

    def __init__(self, *, is_durable: bool = False) -> None:
        """Lay a cluster and start it; `is_durable` as Debian ships it, for who measures."""
        self.port = free_port()
        self._settings = DURABLE if is_durable else SETTINGS
        make_folder = tempfile.mkdtemp if is_durable else make_memory_folder
        self._folder = Path(make_folder(prefix="postgresql-"))
        shutil.chown(self._folder, UNPRIVILEGED)
        self._data = self._folder / "data"
        self._numbers = count(1)
        self._process: Process | None = None
        subprocess.run(
            [find_program("initdb"), "-D", self._data, *CLUSTER_OPTIONS],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **identity_of(UNPRIVILEGED),
        )
        self.start()

    def start(self) -> None:
        """Start the server and return when it answers."""
        settings = self._settings | {
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
        }
        options = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        self._process = Process(
            [find_program("postgres"), "-D", self._data, *options],
            log=self._folder / "log",
            folder=self._folder,
            user=UNPRIVILEGED,
        )
        self._process.wait_for(self._is_answering)

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End the server as `pg_ctl stop -m fast` does: connections are cut."""
        if self._process:
            self._process.send(signal.SIGINT)
            self._process.wait()

    def kill(self) -> None:
        """End the server as a crash does."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """End the server and forget its data."""
        if self._process:
            self._process.kill()
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://idp@{LOOPBACK}:{self.port}/{database}"

    def create_database(self, *, template: str = "template0") -> str:
        """Create a database, a copy of `template`, and return its name."""
        name = f"test_{next(self._numbers)}"
        # The other strategy writes every page to the log too.
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, cutting whoever is connected to it."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    def _connect(self) -> psycopg.Connection:
        conninfo = f"host={LOOPBACK} port={self.port} user=idp dbname=postgres"
        return psycopg.connect(conninfo, autocommit=True, connect_timeout=5)

    def _is_answering(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def find_program(name: str) -> str:
    """Return the path of a program of the newest PostgreSQL (Debian keeps them off the PATH)."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parent.name))
    found = shutil.which(name, path=str(folders[-1])) if folders else shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name}: install postgresql, or run make test, which does")
    return found
