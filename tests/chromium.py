"""Finds the browser of the journeys; what they do with it belongs to tests/journeys."""

import os
import shutil


def executable() -> str | None:
    """Path of Chromium: CHROMIUM, or the first one on the PATH; None when there is none."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)
