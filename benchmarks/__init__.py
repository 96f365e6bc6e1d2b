"""What we measure; see README.md."""
