"""`idp demo`: the provider on this machine, a site that signs in with it, and a mailbox to read.

Owns the data folder `.demo/`, a stand-in for the customer's site built on Authlib's *client* (so it
proves the protocol and shares no code with the provider), and a mail server that keeps what it
receives. The provider runs as a process of its own, `idp serve`, and knows nothing of all this:
no other package imports this one.
"""
