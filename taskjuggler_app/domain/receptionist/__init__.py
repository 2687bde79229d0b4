"""The receptionist: what reaches the business, read, routed and answered."""
