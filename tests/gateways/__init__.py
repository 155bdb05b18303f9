"""Gateways: what each of them promises, over a real socket."""
