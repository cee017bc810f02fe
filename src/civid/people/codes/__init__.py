"""Code lists (danh mục) with their versions: a code is nothing without its list."""

from civid.people.codes.codelist import CodeList
from civid.people.codes.ethnic import ethnic, translate
from civid.people.codes.ethnic import meanings as ethnic_meanings
from civid.people.codes.others import blood, marital, religion, religions_without_code
from civid.people.codes.relations import HEAD, Relation, relation, relations

__all__ = [
    "HEAD", "CodeList", "Relation", "blood", "ethnic", "ethnic_meanings", "marital", "relation",
    "relations", "religion", "religions_without_code", "translate",
]  # fmt: skip
