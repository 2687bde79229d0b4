"""Web sites: scanned, judged by pure checks, their issues followed from scan to scan."""
