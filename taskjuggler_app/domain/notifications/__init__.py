"""Telling a person that something happened that concerns them."""
