"""Names that Chromium goes by."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
