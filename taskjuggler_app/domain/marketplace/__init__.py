"""Vendors, listings, bids, awards, ratings."""
