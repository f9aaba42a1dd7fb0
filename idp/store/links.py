"""What the three tables of mailed links do alike: used once, replaced, found by their digest."""

from sqlalchemy import ColumnElement, Select, Table, Update, and_, bindparam, select, update

from idp.store.statements import NOW


def is_usable(table: Table) -> ColumnElement[bool]:
    """The link is unused, not replaced and not expired at `:now`."""
    return and_(table.c.used_at.is_(None), table.c.replaced_at.is_(None), table.c.expires_at > NOW)


def find_by_link(table: Table) -> Select[*tuple[object, ...]]:
    """Select the row of `:link_digest`, whatever its state."""
    return select(table).where(table.c.link_digest == bindparam("link_digest"))


def consume(table: Table) -> Update:
    """Use the row `:which`, if it is usable at `:now`: one statement, so one winner."""
    return (
        update(table).where(table.c.id == bindparam("which"), is_usable(table)).values(used_at=NOW)
    )


def replace_usable(table: Table, owner: str) -> Update:
    """Mark as replaced the usable rows of `:owner`, a value of the column so named."""
    return (
        update(table)
        .where(table.c[owner] == bindparam("owner"), is_usable(table))
        .values(replaced_at=NOW)
    )
