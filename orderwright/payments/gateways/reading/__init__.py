"""Reading what providers write: their documents and their figures. No SDK, no network, no Django; gateways use it."""
