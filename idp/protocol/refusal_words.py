"""Each reason of a refusal in plain words: what happened, and what to do about it.

The names in braces are filled from the client's record and from what was received.
"""

from collections.abc import Mapping

REFUSAL_WORDS: Mapping[str, tuple[str, str]] = {
    "redirect_uri_not_registered": (
        "The redirect_uri is not registered: it must be the same to the letter.",
        "Correct it there, or add it: idp clients edit {client_id} --redirect-uri ... (each)",
    ),
    "redirect_uri_differs": (
        "The token request named another redirect_uri than the authorization request.",
        "Send the same redirect_uri in both requests.",
    ),
    "pkce_missing": (
        "The authorization request had no code_challenge (PKCE).",
        "Switch PKCE on in the site's library, method S256.",
    ),
    "pkce_not_s256": (
        "The code_challenge_method was not S256 (without one, plain is meant).",
        "Set the PKCE method to S256 in the site's library.",
    ),
    "pkce_malformed": (
        "The code_challenge was not 43 characters of URL-safe base64.",
        "Let the library make it: BASE64URL(SHA256(code_verifier)), without padding.",
    ),
    "pkce_without_challenge": (
        "The token request had a code_verifier, but the authorization request no code_challenge.",
        "Send the code_challenge in the authorization request; if it was, something removed it.",
    ),
    "verifier_missing": (
        "The token request had no code_verifier.",
        "Keep the code_verifier in the browser's session at the site, and send it with the code.",
    ),
    "verifier_malformed": (
        "The code_verifier was not 43 to 128 unreserved characters.",
        "Let the library make it.",
    ),
    "verifier_mismatch": (
        "The code_verifier was that of another sign-in.",
        "Keep one for each sign-in: two tabs of one browser are two sign-ins.",
    ),
    "wrong_auth_method": (
        "The site used {used}, and is registered for {registered}.",
        "Change the site, or the record: idp clients edit {client_id} --auth-method {used}",
    ),
    "wrong_secret": (
        "The client secret was wrong.",
        "Look for a truncated copy, or make a new one: idp clients rotate-secret {client_id}",
    ),
    "two_auth_methods": (
        "The site authenticated in two ways at once (a header and a form, say).",
        "Use {registered} alone.",
    ),
    "basic_malformed": (
        "The Authorization header held no Basic credentials that can be read.",
        "Form-url-encode id and secret, join them with a colon, then base64.",
    ),
    "client_id_differs": (
        "The form named another client_id than the credentials.",
        "Leave client_id out of the form, or make it {client_id}.",
    ),
    "code_expired": (
        "The authorization code had expired.",
        "Redeem it as soon as it arrives; look for a slow start or a stopped server at the site.",
    ),
    "code_replayed": (
        "The authorization code came a second time, so its tokens were revoked.",
        "Redeem each code once: do not repeat the request, nor reload the callback page.",
    ),
    "code_unknown": (
        "The authorization code was none of ours, or cut or altered on its way.",
        "Send the code as it came, URL-decoded once.",
    ),
    "code_of_another_client": (
        "The authorization code was issued to another client.",
        "Check that the site uses the client_id it sent to the authorization endpoint.",
    ),
    "grant_revoked": (
        "The practitioner signed out, withdrew the site or changed the password in between.",
        "Nothing to mend: start a new sign-in.",
    ),
    "account_disabled": (
        "The account was disabled in between.",
        "Nothing to mend at the site.",
    ),
    "refresh_replayed": (
        "A refresh token came a second time, so its family was revoked.",
        "Keep the new refresh token of each answer; refresh in one place, not in two at once.",
    ),
    "refresh_expired": (
        "The refresh token came after the end of its session.",
        "Start a new sign-in.",
    ),
    "refresh_unknown": (
        "The refresh token was none of ours, or cut or altered.",
        "Keep it as it came: some columns are too short.",
    ),
    "assertion_kid_unknown": (
        "The client assertion was signed with a kid that is not among the client's keys.",
        "Publish the new key at the jwks_uri before signing with it, or register it.",
    ),
    "assertion_signature": (
        "The client assertion's signature is not that of a key of the client.",
        "Compare the key that signs with the one registered; the algorithm must be asymmetric.",
    ),
    "assertion_clock": (
        "The client assertion was outside its time; our clocks differ by {clock_offset_seconds} s.",
        "Set the site's clock by NTP, and let assertions live a few minutes.",
    ),
    "assertion_aud": (
        "The client assertion was made for somebody else.",
        "Set aud to the issuer.",
    ),
    "assertion_iss": (
        "The client assertion's iss or sub was not {client_id}.",
        "Both are the client_id.",
    ),
    "assertion_replayed": (
        "The same client assertion came twice.",
        "Make a new one, with a new jti, for each request.",
    ),
    "client_keys_unread": (
        "The client's keys could not be fetched or read.",
        "Check that the jwks_uri answers over https with a JWK set of public keys.",
    ),
    "scope_not_granted": (
        "A refresh asked for a scope that its sign-in was not granted.",
        "Ask for less, or leave scope out: then all that was granted is given again.",
    ),
    "scope_not_registered": (
        "The request asked for a scope that the client is not registered for.",
        "Ask for less, or register it too: idp clients edit {client_id} --scope ... (each)",
    ),
    "not_pushed": (
        "The request came through the browser, and this client promised to push its requests.",
        "Send it to /par first, or change the record.",
    ),
    "pushed_request_over": (
        "The pushed request was used before, or had expired.",
        "Push a new one for each sign-in, just before redirecting.",
    ),
    "no_signing_key": (
        "No key signs with {algorithm}, as this client is registered.",
        "Make one: idp keys init --alg {algorithm}. Or edit the record: --id-token-alg RS256.",
    ),
    "bad_hint": (
        "The id_token_hint was not an ID token of ours for this client.",
        "Send an ID token as it came, or leave the hint out.",
    ),
}
