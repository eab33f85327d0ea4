"""Why a count may differ from the ledger. Kept as the text itself: the movement's reason."""

from decimal import Decimal

from inventory.web.words import amount_words

AS_EXPECTED = "Counted as expected"

MISCOUNTED = "Miscounted before"
OVERFILL = "Overfill"
LOSSES = (MISCOUNTED, "Broken, not recorded", "Used, not logged", "Discarded, not recorded")
GAINS = (MISCOUNTED, "Found", "Received, not recorded")
KNOWN = frozenset({*LOSSES, *GAINS, OVERFILL})


def reasons_for(variance: Decimal, *, opened: bool) -> tuple[str, ...]:
    """Return the usual reasons for a variance. Overfill explains a gain in an open vial alone."""
    if variance < 0:
        return LOSSES
    return (OVERFILL, *GAINS) if opened else GAINS


def why_reason_does_not_fit(
    reason: str, variance: Decimal, *, opened: bool, overfill_left: Decimal, unit: str
) -> str:
    """Return a sentence where a usual reason cannot explain this variance; else nothing.

    `overfill_left` is how much more a vial may have held than its label says and was found before.
    """
    fits = reason in reasons_for(variance, opened=opened)
    if reason == OVERFILL and fits and variance > overfill_left:
        return (
            f"Overfill explains {amount_words(overfill_left, unit)} more in this vial at most: all"
            " of it together is a tenth of the label. Say what else explains it."
        )
    if reason not in KNOWN or fits:
        return ""
    if reason == OVERFILL:
        return "Overfill explains more than the label says in an open vial, and nothing else."
    found = "less" if variance < 0 else "more"
    return f"“{reason}” does not explain why there is {found} than expected."
