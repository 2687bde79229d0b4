"""The marketplace: listings, vendors, payments, the operators' desk."""
