"""What pages and mails are made with: templates, and what they may say about the house."""

from collections.abc import Sequence
from pathlib import Path

from idp.settings import PROJECT_FOLDER, Settings
from idp.web.french import say_duration
from idp.web.house import Durations, House, PasswordPolicy, SocialLink

SHIPPED_TEMPLATES = PROJECT_FOLDER / "templates"


def list_template_folders(settings: Settings) -> Sequence[Path]:
    """Return where templates are looked for, the operator's own folder first."""
    own = settings.pages.template_folder
    return [own, SHIPPED_TEMPLATES] if own else [SHIPPED_TEMPLATES]


def build_house(settings: Settings) -> House:
    """Return what every page and mail may say about the house."""
    pages, passwords = settings.pages, settings.passwords
    return House(
        issuer=settings.issuer,
        issuer_host=settings.issuer_host,
        home_url=pages.home_url,
        help_phone=pages.help_phone,
        help_email=pages.help_email,
        bank_email=pages.bank_email,
        sender=settings.mail.sender,
        social_links=tuple(SocialLink(label=name, url=url) for name, url in pages.social_links),
        password_policy=PasswordPolicy(
            min=passwords.min_length,
            max=passwords.max_length,
            requires_classes=passwords.requires_classes,
        ),
        durations=build_durations(settings),
    )


def build_durations(settings: Settings) -> Durations:
    """Return the durations and counts of the settings, as a French sentence says them."""
    return Durations(
        lockout=say_duration(settings.lockout.block),
        max_failures=settings.lockout.limit,
        link=say_duration(settings.registration.link_lifetime),
        reset_link=say_duration(settings.reset.link_lifetime),
        request=say_duration(settings.tokens.sealed_request_lifetime),
        undo=say_duration(settings.reset.undo_lifetime),
        proof=say_duration(settings.registration.proof_lifetime),
        idle=say_duration(settings.session.idle_lifetime),
        shared_idle=say_duration(settings.session.shared_computer_idle_lifetime),
        known_device=say_duration(settings.lockout.known_device_lifetime),
        audit=say_duration(settings.audit.retention),
    )
