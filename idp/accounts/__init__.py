"""WHAT IS DECIDED about practitioners: who may register, sign in, come back in, and change what.

Each journey is a few functions on a `Visit` (who knocks, when, with which transaction and tools)
that return a frozen outcome; the web room turns it into a page. Never: Flask, SQL, the time of day.
`finess` and `password` are checked shapes first: `normalize_finess`, `normalize_suffix`,
`parse_email` and `find_violations` say what is wrong with a field before any journey is called.
"""
