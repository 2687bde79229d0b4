"""The contact form that visitors see."""
