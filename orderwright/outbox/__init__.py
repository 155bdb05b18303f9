"""What has to go out after a commit: mail as rows, leased and retried. Sending decides nothing."""
