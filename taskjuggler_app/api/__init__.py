"""HTTP doors: browser forms, webhooks, and the guards in front of them."""
