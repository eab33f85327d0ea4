"""Mailing an order: claimed, mailed, then noted as sent; a mail that fails leaves it approved."""

import logging
from email.errors import MessageError

from django.utils import timezone

from inventory.accounts.models import User
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import errors, record
from inventory.purchasing.orders.letter import Letter, mail

logger = logging.getLogger(__name__)


def send(order: PurchaseOrder, letter: Letter, *, seen: int, by: User) -> PurchaseOrder:
    """Mail an approved order with its workbook.

    Raises WrongStatus, ChangedMeanwhile, BeingSent; NotMailed with the reason.
    """
    claimed = record.begin_sending(order, seen=seen, now=timezone.now())
    try:
        mail(claimed, letter, by)
    except (OSError, ValueError, MessageError) as failure:
        logger.warning("Order %s could not be mailed.", claimed, exc_info=True)
        record.give_up_sending(claimed)
        raise errors.NotMailed(claimed, letter.to, _why(failure)) from failure
    except BaseException:
        record.give_up_sending(claimed)
        raise
    return record.mark_sent(claimed, seen=seen, by=by, now=timezone.now(), sent_to=letter.to)


def _why(failure: Exception) -> str:
    return str(failure) or type(failure).__name__
