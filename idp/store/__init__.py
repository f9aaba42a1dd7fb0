"""What is stored: the only room that imports SQLAlchemy.

`Database` owns the engines and opens units of work; a `SqlUnitOfWork` is one transaction and the
repositories that share it, one file a subject. Frozen dataclasses go in and out, never a row.
Nothing here decides: rules live in accounts/ and protocol/, whose ports this room implements.
Imported by app/ and cli/ alone.
"""
