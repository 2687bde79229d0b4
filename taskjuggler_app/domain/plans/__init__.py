"""What a plan allows: limits, and the words before they bite."""
