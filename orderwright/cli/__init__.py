"""The command line: every command stands behind one `orderwright` entry point."""
