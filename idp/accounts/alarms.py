"""Alarms: recorded each time, and mailed to the administrators at most once an hour each."""

from enum import StrEnum

from idp.accounts import mails, wording
from idp.accounts.counters import CounterPurpose, may_mail
from idp.accounts.visit import Visit
from idp.audit_events import Event


class Alarm(StrEnum):
    """What administrators are woken for."""

    STRANGERS = "strangers"
    NETWORK = "network"
    LOGINS = "logins"
    PROOFS = "proofs"
    EMAIL_UNDONE = "email_undone"


def raise_alarm(visit: Visit, alarm: Alarm, *, finess: str | None = None) -> None:
    """Record an alarm and mail the administrators; the FINESS number stays in the trail."""
    visit.uow.audit.record(Event.ALARM_RAISED, finess=finess, reason=alarm)
    if may_mail(visit, CounterPurpose.ALARM_MAIL, alarm):
        for address in visit.policy.admin_emails:
            mails.send_alarm(visit, address, what=wording.ALARMS[alarm])
