"""What was already answered, so that the same submission is carried out once."""

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """The first successful answer to a submission key, kept to be returned again.

    The row is inserted before the work and in its transaction: a duplicate that arrives while the
    first is under way waits at the unique constraint, and a refusal leaves no row behind.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "path", "key"], name="submission_carried_out_once"
            ),
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}"
