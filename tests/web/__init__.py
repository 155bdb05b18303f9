"""The portal, page by page: what people see, press and are told."""
