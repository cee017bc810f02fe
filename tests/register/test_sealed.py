"""Every sealed column, and every table about people, is known to rotation, check and erasure."""

from __future__ import annotations

from civid.register.protection.about import BELOW, OF_A_PERSON
from civid.register.store import adjudication_tables  # noqa: F401 - in the same metadata
from civid.register.store import tables as t
from civid.register.store.sealed import SEALED

#: With rules of their own in an erasure.
OWN = {
    *("persons", "acts", "numbers", "names", "prints", "intents"),
    *("audit_subjects", "unit_audit_subjects"),
}


def test_every_sealed_table_is_listed() -> None:
    sealed = {table.name for table in t.metadata.tables.values() if "sealed" in table.c}
    assert {one.table.name for one in SEALED} == sealed


def test_every_table_about_a_person_is_listed() -> None:
    about = {
        table.name
        for table in t.metadata.tables.values()
        if {"person", "other", "dossier", "card", "merged", "low", "adjudication", "request"}
        & set(table.c.keys())
    }
    known = {one.name for one in (*OF_A_PERSON, *BELOW)}
    assert about | {"persons"} == known | OWN
