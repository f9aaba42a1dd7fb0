"""What leaves besides the answer: mails, logout notices, requests to relying parties, log lines.

Owns the worker that empties the outbox, the mail transport, the guarded HTTP client, and what is
told to who watches: logs, metrics, traces. Decides nothing about practitioners or protocol: it
delivers what the other rooms queued. Imported by `app/` and `cli/` alone.
"""
