"""Webhooks that go out (Standard Webhooks): who wants which events, and every delivery."""
