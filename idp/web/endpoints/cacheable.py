"""Documents that are the same for everybody, and kept by whoever asked.

Not longer than a next key is published before it signs: whoever kept the keys that long has the
one that signs.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, json, request

from idp import secret_values
from idp.web.context import current
from idp.web.endpoints.cors import allow_everybody


def answer_public(document: Mapping[str, Any]) -> Response:
    """Return the document as JSON, or 304 to whoever has it."""
    text = json.dumps(document)
    response = Response(text, mimetype="application/json")
    max_age = int(current.services.settings.keys.jwks_max_age.total_seconds())
    response.headers["Cache-Control"] = f"public, max-age={max_age}"
    response.set_etag(secret_values.fingerprint(text))
    allow_everybody(response).make_conditional(request)
    return response
