"""The JSON API: what a program sends, what it is answered, and what then stands in the books."""
