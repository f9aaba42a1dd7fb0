"""WHAT IS DECIDED about practitioners: who may register, sign in, come back in, and change what.

Each journey is a few functions on a `Visit` (who knocks, when, with which transaction and tools)
that return a frozen outcome; the web room turns it into a page. Never: Flask, SQL, the time of day.

- Connexion: login, on password_check (reserve, verify, record), lockout, known_device, budgets.
- Inscription and Mettre à jour mon compte: proof, registration, activation.
- Mot de passe oublié: reset_request, reset_code, reset.
- Mon compte: password_change, email_change, email_undo, sessions, profile.
- The administrator's acts: admin. What is kept and what leaves: ports.

Fields are brought into their normal form first (`normalize_finess`, `normalize_suffix`,
`parse_email`): a journey is called with these.
"""
