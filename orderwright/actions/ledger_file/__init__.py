"""The ledger as a file for finance: cells, sheets, and what stands in which column."""
