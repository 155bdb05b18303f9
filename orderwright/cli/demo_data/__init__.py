"""The demo's stores, people, goods and orders: made up, the same in every run, placed relative to a given moment."""
