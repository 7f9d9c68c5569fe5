"""What happens while a search trains one model after another."""
