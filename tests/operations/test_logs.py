"""Logs: JSON alone, a request found from the phone to nginx's line, no secret in nginx's files."""

import json
import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.operations.conftest import OpenDoor
from tests.operations.installation import Installation, name_practitioner
from tests.operations.nginx import Nginx
from tests.operations.people import Browser, Practitioner
from tests.operations.processes import list_children
from tests.support.network import wait_until
from tests.support.processes import Process

pytestmark = pytest.mark.timeout(180)

REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
SECRET_TOKEN = "planted-token-that-is-in-the-address-bar-alone"


@pytest.fixture
def running(fronted: tuple[Installation, Nginx]) -> Iterator[Process]:
    """A provider behind nginx, of which one page is broken: its template asks for what is not."""
    installation, _ = fronted
    broken = installation.folder / "templates" / "pages"
    broken.mkdir(parents=True)
    (broken / "help.html").write_text("{{ nothing.of_this_name }}")
    installation.write_settings(pages={"template_folder": str(broken.parent)})
    process = installation.serve().process
    yield process
    process.stop()


def read_log(process: Process) -> list[dict[str, Any]]:
    """Return the log's lines, each of which must be an object of JSON."""
    return [json.loads(line) for line in process.output().splitlines()]


def read_reference(page: httpx.Response) -> str:
    """Return the reference that a page shows, as a practitioner reads it."""
    (reference,) = set(REFERENCE.findall(page.text))
    return str(reference)


def find_lines(process: Process, **parts: str) -> list[dict[str, Any]]:
    """Return the log's lines that have all of these parts."""
    return [line for line in read_log(process) if parts.items() <= line.items()]


def test_start_warns_of_what_can_be_mended(running: Process) -> None:
    """Granian's advice on threads is none: ours wait for the database, or for a hash's slot."""
    warnings = [line for line in read_log(running) if line["level"] == "warning"]
    assert [line for line in warnings if line["logger"] == "_granian"] == []


def test_reference_leads_to_everything(
    fronted: tuple[Installation, Nginx], running: Process, open_door: OpenDoor
) -> None:
    """From the page to the log line, its request id, nginx's line and the audit trail."""
    installation, nginx = fronted
    door = open_door(nginx)
    query = {"client_id": "site", "redirect_uri": "https://evil.example/", "response_type": "code"}
    page = door.get("/authorize", params=query)
    assert page.status_code == 400
    reference = read_reference(page)
    (line,) = find_lines(running, reference=reference)
    assert line["event"] == "request.refused"
    assert line["request_id"] == page.headers["X-Request-ID"]
    wait_until(lambda: any(x["request_id"] == line["request_id"] for x in nginx.read_log()), 10)
    (access,) = [x for x in nginx.read_log() if x["request_id"] == line["request_id"]]
    assert (access["path"], access["status"]) == ("/authorize", 400)
    for told in (reference, reference.lower().replace("-", ""), line["request_id"]):
        found = installation.run("audit", "search", "--request", told)
        assert "authorization.refused" in found.stdout
        assert len(found.stdout.splitlines()) == 1


def test_failure_of_ours_is_one_line(
    fronted: tuple[Installation, Nginx], running: Process, open_door: OpenDoor
) -> None:
    """An exception is logged once, under the reference that its page shows, without its message."""
    page = open_door(fronted[1]).get("/aide")
    assert page.status_code == 500
    (line,) = find_lines(running, reference=read_reference(page))
    assert (line["event"], line["level"], line["route"]) == ("request.failed", "error", "/aide")
    assert line["error"][0] == "jinja2.exceptions.UndefinedError"
    assert "of_this_name" not in running.output()


def test_each_refused_page_has_a_line(
    fronted: tuple[Installation, Nginx], running: Process, open_door: OpenDoor
) -> None:
    """Whatever shows a reference, an unknown address or a wrong method, logged it."""
    door = open_door(fronted[1])
    foreign = door.get("/", headers={"Host": "elsewhere.example"})
    for page in (door.get("/nowhere"), door.post("/jwks.json"), foreign):
        (line,) = find_lines(running, reference=read_reference(page))
        assert line["status"] == page.status_code
    assert line["reason"] == "foreign_host"


def test_audit_event_bears_nginx_s_request_id(
    fronted: tuple[Installation, Nginx], running: Process, open_door: OpenDoor
) -> None:
    """The log line of a sign-in names the request; number and address are masked."""
    installation, nginx = fronted
    installation.add_practitioners(range(1), have_accounts=True)
    Practitioner(name_practitioner(0), Browser([open_door(nginx)])).sign_in()
    (line,) = find_lines(running, event="login.succeeded")
    assert line["request_id"] in {access["request_id"] for access in nginx.read_log()}
    assert name_practitioner(0) not in running.output()


def test_address_bar_is_in_no_log_of_nginx(
    fronted: tuple[Installation, Nginx], running: Process, open_door: OpenDoor
) -> None:
    """Neither the access log nor, when the nodes are away, the error log holds a link's token."""
    nginx = fronted[1]
    door = open_door(nginx)
    assert door.get("/activation", params={"token": SECRET_TOKEN}).status_code == 303
    running.stop()
    away = door.get("/activation", params={"token": SECRET_TOKEN})
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert "Le service est momentanément indisponible" in away.text
    wait_until(lambda: len(nginx.read_log()) == 2)
    written = [file.read_text(errors="replace") for file in nginx.folder.glob("*.log")]
    assert len(written) >= 2
    assert not any(SECRET_TOKEN in text for text in written)


def test_every_line_of_a_life_is_json(installation: Installation) -> None:
    """Start, a killed process, a reload that is refused, stop: Granian's lines too."""
    installation.write_settings(server={"workers": 2})
    node = installation.serve()
    process = node.process
    os.kill(min(list_children(process)), signal.SIGKILL)
    process.wait_for_output("Unexpected exit")
    installation.write_settings(session={"idle_lifetime": "soon"})
    process.send(signal.SIGHUP)
    process.wait_for_output("reload.refused")
    process.stop()
    lines = read_log(process)
    assert {"_granian", "idp.serve"} <= {line["logger"] for line in lines}
    assert all(line["at"].endswith("+00:00") and line["level"] for line in lines)


def test_provider_in_another_server_logs_the_same_way(installation: Installation) -> None:
    """`idp.create_app()` sees to the logs itself, unless its host did: nothing typed is shown."""
    program = "import idp, structlog; idp.create_app(); structlog.get_logger().info('990000010')"
    ended = installation.run_python(program)
    assert ended.returncode == 0
    assert json.loads(ended.stderr)["event"] == "99*****10"
    assert not ended.stdout
