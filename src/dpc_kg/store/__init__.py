"""Store: graphs on disk, views for readers, and the saved queries asked of them."""

from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.tables import Table, write_table
from dpc_kg.store.views import build_view, current_view

__all__ = ["EmbeddedStore", "Table", "build_view", "current_view", "write_table"]
