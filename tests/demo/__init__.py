"""The demo: its made-up orders, and the processes that make a whole desk of them."""
