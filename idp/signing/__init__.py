"""What is decided about keys: which one signs, which ones are published, and when that changes.

A key's state is a function of time. Its file carries dates; next, active, retired and gone follow
from the clock, so every process on every node agrees without talking to the others, and rotating
is writing one file. From the bottom up:

- `key_material` signs and verifies with one private key; `signing_key` adds the key's dates.
- `key_ring` is the whole set laid out on a time line: at every moment one active key an algorithm.
- `policy` holds the rules, `rotation` the regular course, `intervention` what an admin may do to
  one key, `forecast` what would follow. All pure.
- `key_file` and `files` keep keys in a folder; `live_keys` notices when the folder changed.
- `signer` signs and verifies the provider's own tokens; `key_changes` makes every change.

It knows nothing of requests, clients or practitioners, and makes no key unless told to.
"""
