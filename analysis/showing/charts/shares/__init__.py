"""Charts of the shares of one frame against another."""
