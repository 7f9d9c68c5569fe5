"""Tests of pages need a browser: Chromium, by one of its names."""

import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from browsers import BROWSERS  # noqa: E402

if not any(map(shutil.which, BROWSERS)):
    collect_ignore = ["test_report_in_browser.py"]
