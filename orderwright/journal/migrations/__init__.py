"""Changes of the schema, one concern each."""
