"""Which rows practitioners, their logins and other visits leave, column by column."""

from collections.abc import Mapping
from datetime import timedelta

_MINUTE = timedelta(minutes=1) // timedelta(microseconds=1)
_HOUR, _DAY = 60 * _MINUTE, 24 * 60 * _MINUTE

Row = Mapping[str, str]
"""For each column an SQL expression of n, at, id, digest, sub and finess."""

PRACTITIONER_ROWS: Mapping[str, Row] = {
    "practitioners": {
        "finess": "finess",
        "name": "'Cabinet ' || n",
        "iban_digest": "digest",
        "iban_key_version": "'1'",
        "updated_at": "at",
    },
    "accounts": {
        "sub": "sub",
        "finess": "finess",
        "state": "'active'",
        "email": "n || '@example.org'",
        "email_verified_at": "at",
        "password_hash": "'$argon2id$v=19$m=19456,t=2,p=1$' || digest || digest",
        "password_changed_at": "at",
        "created_at": "at",
        "version": "1",
    },
}

LOGIN_ROWS: Mapping[str, Row] = {
    "audit_events": {
        "id": "id",
        "at": "at",
        "name": "'login.succeeded'",
        "finess": "finess",
        "sub": "sub",
        "client_id": "'bench'",
        "network": "'192.0.2.0/24'",
        "request_id": "id",
        "details": "'{}'",
    },
    "sessions": {
        "sid": "id",
        "secret_digest": "digest",
        "sub": "sub",
        "authenticated_at": "at",
        "last_seen_at": "at",
        "idle_expires_at": "at + :life",
        "expires_at": "at + :life",
        "is_shared_computer": "false",
        "browser": "'Firefox'",
        "network": "'192.0.2.0/24'",
    },
    "grants": {
        "id": "id",
        "sub": "sub",
        "client_id": "'bench'",
        "sid": "id",
        "scope": "'openid profile email'",
        "authenticated_at": "at",
        "created_at": "at",
        "expires_at": "at + :life",
        "code_digest": "digest",
        "code_expires_at": f"at + {_MINUTE}",
        "code_used_at": "at",
        "redirect_uri": "'https://site.example/retour'",
        "nonce": "'nonce ' || n",
        "code_challenge": "digest",
        "claims": "''",
        "refresh_generation": "1",
        "purge_at": f"at + :life + 13 * {_HOUR}",
    },
    "known_devices": {
        "device_digest": "digest",
        "sub": "sub",
        "expires_at": f"at + 365 * {_DAY}",
    },
}

_LINK: Row = {
    "id": "id",
    "link_digest": "digest",
    "finess": "finess",
    "created_at": "at",
    "expires_at": f"at + {_DAY}",
    "used_at": "at",
}
_FLOW: Row = {"sealed_request": "digest || digest", "flow_digest": "digest"}

OTHER_ROWS: Mapping[str, Row] = {
    "attempts": {
        "key": "digest",
        "times": "CAST(at / 1000 AS TEXT)",
        "total": "1",
        "total_since": "at",
        "expires_at": f"at + 30 * {_DAY}",
    },
    "budgets": {"key": "digest", "spent": "1", "window_ends_at": f"at + {_HOUR}"},
    "proofs": {"proof_digest": "digest", "expires_at": f"at + 15 * {_MINUTE}"},
    "registrations": {
        **_LINK,
        **_FLOW,
        "purpose": "'registration'",
        "email": "n || '@example.org'",
        "password_hash": "digest || digest",
    },
    "resets": {
        **_LINK,
        **_FLOW,
        "sub": "sub",
        "code_digest": "digest",
        "code_attempts": "0",
    },
    "email_links": {
        **_LINK,
        "kind": "'confirm'",
        "sub": "sub",
        "new_email": "n || '@example.org'",
    },
    "outbox": {
        "id": "id",
        "kind": "'mail'",
        "state": "'delivered'",
        "template": "'reset'",
        "recipient": "n || '@example.org'",
        "parameters": "'{}'",
        "sealed_secrets": "''",
        "attempts": "1",
        "created_at": "at",
        "next_attempt_at": "at",
        "finished_at": "at",
    },
    "pushed_requests": {
        "reference_digest": "digest",
        "client_id": "'bench'",
        "payload": "'{}'",
        "expires_at": f"at + {_MINUTE}",
    },
    "client_assertions": {
        "client_id": "'bench'",
        "jti_digest": "digest",
        "expires_at": f"at + {_MINUTE}",
    },
}
