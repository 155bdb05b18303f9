"""One module for each thing a person or a program can do: `availability`, then `run`."""
