"""What use cases hand to views: frozen dataclasses of plain values, one module per feature."""
