"""Appointments: opening hours, free times, bookings that cannot overlap."""
