"""The worker and scheduler processes, and the jobs they run."""
