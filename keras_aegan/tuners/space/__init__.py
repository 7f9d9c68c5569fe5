"""Which hyperparameters a search varies, and the models it samples."""
