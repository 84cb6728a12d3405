"""One folder per feature, one file per way it is triggered: chat, jobs, cli, http."""
