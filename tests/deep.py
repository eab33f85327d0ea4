"""Whether this run looks deeper than the everyday one: `make test-deep` says so."""

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")
DEEP = PROFILE == "deep"
