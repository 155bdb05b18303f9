"""The ledger by day and by transaction, and its files, on both engines."""
