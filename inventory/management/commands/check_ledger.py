"""`manage.py check_ledger`: exit 0 and what was proved, or 1 with each difference."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from inventory.stock.audit import Proof, check_ledger
from inventory.stock.models import Holding


class Command(BaseCommand):
    help = "Prove every holding against its entries, and what must hold of every movement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the proof as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(total=Holding.objects.count(), unit=" holdings", leave=False) as bar:
            proof = check_ledger(bar.update)
        self.stdout.write(as_json(proof) if options["json"] else as_text(proof))
        if not proof.holds:
            sys.exit(1)


def as_json(proof: Proof) -> str:
    return json.dumps(
        {
            "ok": proof.holds,
            "holdings": proof.holdings,
            "movements": proof.movements,
            "entries": proof.entries,
            "differences": proof.differences,
        },
        indent=2,
    )


def as_text(proof: Proof) -> str:
    counted = f"{proof.holdings} holdings, {proof.movements} movements and {proof.entries} entries"
    if proof.holds:
        return f"The ledger holds: {counted} were proved."
    return "\n".join([*proof.differences, f"{len(proof.differences)} differences in {counted}."])
