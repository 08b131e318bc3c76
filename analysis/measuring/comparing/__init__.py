"""What holds: differences between groups, trends, and what a finding depends on."""
