"""Orderwright: a self-hosted order desk. The layers are described in docs/architecture.md."""

__version__ = "0.1.0"
