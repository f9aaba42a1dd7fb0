"""Who knocks: Flask, and nothing but Flask.

Owns: addresses, forms, cookies, headers, status codes. A view parses, asks the room that
decides, and renders what it answered. Never: a rule of the accounts or of the protocol, SQL.
Called by `app/` alone.
"""
