"""The data that use cases give to views: frozen dataclasses of plain values, one module per feature."""
