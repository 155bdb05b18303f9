"""Every route, asked by every role at its own site and at another: the answers are those of docs/permissions.md."""
