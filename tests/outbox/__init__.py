"""The outbox: mail is written with its change, sent at least once, and kept in sequence."""
