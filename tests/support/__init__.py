"""What tests stand on: databases, the practice provider, drivers for people who act, rivals. No test stands here."""
