"""The authorization code grant (RFC 6749 4.1) with PKCE: issue a code, redeem it once.

What Authlib's grant leaves to chance is closed here: redemption is one conditional update made
last, a valid replay kills the family, an invalid one kills nothing.
"""

from typing import Any

from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant

from idp.protocol.adapters import IssuedCode, RegisteredClient
from idp.protocol.client import AuthMethod
from idp.protocol.code import issue_code, read_grant_id
from idp.protocol.errors import ProtocolError, refuse_grant
from idp.protocol.grant import Grant
from idp.protocol.pkce import find_verifier_fault
from idp.protocol.ports import SignedIn, Subject
from idp.protocol.responses import AuthorizationAnswer
from idp.protocol.token_response import MintsTokens
from idp.secret_values import digest, is_equal


class CodeGrant(MintsTokens, AuthorizationCodeGrant):
    """Authlib's grant, with our checks, our rows and our order of doing things."""

    def validate_authorization_request(self) -> str:
        """Return the redirect URI: `check_request` has checked everything before this grant."""
        return self.request.authorization_request.reply_to.redirect_uri

    def create_authorization_response(
        self,
        redirect_uri: str,  # noqa: ARG002 - the request knows it
        grant_user: SignedIn,
    ) -> tuple[int, AuthorizationAnswer, list[tuple[str, str]]]:
        """Issue an authorization code for whoever is signed in."""
        answer = issue_code(
            self.provider,
            self.request.authorization_request,
            grant_user,
            exchange=self.request.exchange,
            once_id=self.request.once_id,
        )
        return 200, answer, []

    def validate_token_request(self) -> None:
        """Check client, code, redirect URI, verifier; then whether the code may still be used."""
        super().validate_token_request()
        issued: IssuedCode = self.request.authorization_code
        self._check_verifier(issued.grant)
        self._refuse_dead(issued.grant)
        self.request.kept_grant, self.request.subject = issued.grant, issued.subject

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Sign everything, then consume the code: the loser of a race is a valid replay."""
        status, response, headers = super().create_token_response()
        grant = self.request.kept_grant
        generation = self.next_generation if "refresh_token" in response else 0
        if not self.request.uow.grants.redeem_code(
            grant.id, refresh_generation=generation, now=self.request.now
        ):
            raise self._revoke_replayed(grant)
        return status, response, headers

    def query_authorization_code(self, code: str, client: RegisteredClient) -> IssuedCode:
        """Return the code, whatever became of it, if it is this client's and for this URI."""
        found = self.request.uow.subjects.find_with_grant(read_grant_id(code))
        if found is None or not is_equal(digest(code), found[0].code_digest):
            raise refuse_grant("code is unknown.", reason="code_unknown")
        issued = IssuedCode(*found)
        if issued.grant.client_id != client.get_client_id():
            raise refuse_grant("code is unknown.", reason="code_of_another_client")
        received = self.request.payload.redirect_uri or ""
        if received != issued.get_redirect_uri():
            raise refuse_grant(
                "redirect_uri is not that of the authorization request.",
                reason="redirect_uri_differs",
                redirect_uri=received,
            )
        return issued

    def authenticate_user(self, authorization_code: IssuedCode) -> Subject:
        """Return the practitioner behind a code.

        Raises:
            ProtocolError: the account may no longer sign in.

        """
        if not authorization_code.subject.may_sign_in:
            raise refuse_grant("The account may not sign in.", reason="account_disabled")
        return authorization_code.subject

    def delete_authorization_code(self, authorization_code: IssuedCode) -> None:
        """Delete nothing: a used code is remembered, so that its replay is recognised."""

    def _check_verifier(self, grant: Grant) -> None:
        """Refuse a wrong verifier; from a client that proved who it is, that uses the code up.

        A public client proves nothing, and whoever saw the code could spoil the sign-in; guessing
        a verifier of 256 bits is hopeless anyway (attack case C18).
        """
        fault = find_verifier_fault(grant.code_challenge, self.request.form.get("code_verifier"))
        if fault is None:
            return
        if self.request.auth_method != AuthMethod.NONE:
            self.request.uow.grants.redeem_code(
                grant.id, refresh_generation=0, now=self.request.now
            )
        raise fault

    def _refuse_dead(self, grant: Grant) -> None:
        if grant.code_used_at is not None:
            raise self._revoke_replayed(grant)
        if self.request.now >= grant.code_expires_at:
            raise refuse_grant("code has expired.", reason="code_expired")
        if grant.revoked_at is not None:
            raise refuse_grant("code was revoked.", reason="grant_revoked")

    def _revoke_replayed(self, grant: Grant) -> ProtocolError:
        self.request.uow.grants.revoke(grant.id, self.request.now)
        return refuse_grant("code was used before.", reason="code_replayed")
