"""What `make bench` runs: each operation's cost, beside a floor measured in the same run."""
