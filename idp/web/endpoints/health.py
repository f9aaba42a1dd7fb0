"""Whether this process lives, and whether it can serve: for load balancers and supervisors.

A check that fails takes the process out of service (503). A warning is told and takes out nobody:
mails that cannot leave are no reason to refuse sign-ins on every node at once.
"""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

Check = Callable[[], None]
"""Raises any exception where something is wrong; what it says is logged, not shown."""

Report = Callable[[str, Exception], None]
_RETRY_AFTER_SECONDS = 5


def build_health(
    checks: Mapping[str, Check], warnings: Mapping[str, Check], report: Report
) -> Blueprint:
    """Return /healthz and /readyz.

    Args:
        checks: what serving needs, by a public name: the database, the keys.
        warnings: what an operator should see to, by a public name: the outbox.
        report: is told the name and the exception of what failed.

    """
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def say_alive() -> Response:
        """Answer: that is all it takes."""
        return _answer({}, 200)

    @health.get("/readyz")
    def say_ready() -> Response:
        """Run every check and say which failed."""
        failed = {name: "failed" for name, check in checks.items() if not _passes(name, check)}
        warned = {name: "warning" for name, check in warnings.items() if not _passes(name, check)}
        fine = dict.fromkeys((*checks, *warnings), "ok")
        return _answer({**fine, **warned, **failed}, 503 if failed else 200)

    def _passes(name: str, check: Check) -> bool:
        try:
            check()
        except Exception as error:  # noqa: BLE001 - whatever is wrong, this must answer
            report(name, error)
            return False
        return True

    return health


def _answer(found: Mapping[str, str], status: int) -> Response:
    answer = jsonify({"status": "ok" if status == 200 else "unavailable", "checks": dict(found)})  # noqa: PLR2004
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    if status != 200:  # noqa: PLR2004
        answer.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return answer
