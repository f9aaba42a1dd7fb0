"""Builds the application once in a process of its own, to see whether it can be built.

Apart, since building it may start threads, and a process that has some is not to be forked.
"""

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection

from idp.app.services import build
from idp.app.wsgi import assemble
from idp.clock import Clock
from idp.outbound.logs import describe_exception
from idp.settings import Settings


def try_build(settings: Settings, clock: Clock) -> Iterator[str]:
    """Yield why the application cannot be built with these settings; nothing where it can."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_build, args=(settings, clock, sender))
    child.start()
    sender.close()
    try:
        yield receiver.recv()
    except EOFError:
        pass
    finally:
        receiver.close()
        child.join()
    if child.exitcode:
        yield f"the application cannot be built: its process ended with {child.exitcode}"


def _build(settings: Settings, clock: Clock, sender: Connection) -> None:
    """Tell what went wrong by class and place: a message may hold what a setting keeps secret."""
    try:
        assemble(build(settings, clock))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator is told
        kind, *places = describe_exception(error)
        sender.send(f"the application cannot be built: {kind}, {places[-1].strip()}")
