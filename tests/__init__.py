"""The tests, which read as the specification. How they are run stands in docs and Makefile."""
