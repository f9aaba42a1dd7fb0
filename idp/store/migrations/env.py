"""Alembic's entry: runs the steps on the connection that `upgrade` put into the configuration.

The transaction is `upgrade`'s: one for all steps, so that a failed one leaves nothing behind.
"""

from alembic import context

from idp.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
