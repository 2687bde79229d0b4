"""The dashboards: one file each with its tiles and charts."""
