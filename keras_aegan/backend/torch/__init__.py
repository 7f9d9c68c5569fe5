"""PyTorch: a step is recorded once as a graph and replayed."""
