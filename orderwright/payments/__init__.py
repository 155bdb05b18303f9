"""Provider accounts, payments, operations, the ledger, and the gateways behind one port."""
