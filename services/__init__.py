"""What the county does: one folder per feature, no transport, no framework."""
