"""The Common Data Model as data: terms, code lists, labels, and profiles made from the shapes."""

from dpc_kg.model.ontology import Code, Term, codes, definition, label, load, terms

__all__ = ["Code", "Term", "codes", "definition", "label", "load", "terms"]
