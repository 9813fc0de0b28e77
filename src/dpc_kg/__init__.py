"""dpc_kg: the open Common Data Model for the Digital Protection of Children, as software.

One package a stage, in the order data flows: ``lift`` partner exports into RDF, ``validate`` it,
``exchange`` it as a signed package, ``serve`` the answers. ``base``, ``model`` and ``store`` carry
them.
"""

__version__ = "0.1.0"
