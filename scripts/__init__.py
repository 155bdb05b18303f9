"""What `make` runs: set-up, checks and test stages. Nothing here is installed or imported by the desk."""
