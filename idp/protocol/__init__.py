"""What is decided for relying parties: OpenID Connect on Authlib, and nothing about practitioners.

Who calls: `idp.web.endpoints`, one question an endpoint, to `server.AuthorizationServer`.

- `authorization_request` and `request_checks` say what a request is and must be, in one table;
  `interaction` decides what must happen before it is answered; `responses` how it is told.
- `code`, `code_grant`, `refresh_token`, `refresh_grant`, `token_response`, `access_token`,
  `id_token` make what relying parties get. One statement uses up a code or a refresh token.
- `client`, `client_records`, `client_auth`, `client_assertion`, `client_keys` are about who asks.
- `ports` is what it needs from outside; `provider` what is the same for every request.

It is the only importer of Authlib, never commits, reads no clock, and only `server` knows Flask.
"""
