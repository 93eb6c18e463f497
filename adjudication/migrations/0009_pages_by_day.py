"""Public pages rendered ahead of the day on which the calendar changes a legal status.

What is public already is rendered again by the worker, from the outbox.
"""

import datetime
import json

from django.db import migrations, models
from django.utils import timezone


def render_again(apps, schema_editor):
    outbox = apps.get_model("cases", "Outbox").objects
    live = apps.get_model("adjudication", "PublishedRuling").objects.filter(state="live")
    for ruling in live.values_list("ruling", flat=True):
        outbox.get_or_create(
            key=f"0009_pages_by_day:{ruling}",
            defaults={
                "name": "refresh_ruling_status",
                "payload": json.dumps({"ruling": ruling}),
                "not_before": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("adjudication", "0008_search"), ("cases", "0002_volumes_visits_drafts")]

    operations = [
        migrations.AddField(
            model_name="publishedruling", name="effective_on", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="publicpage",
            name="valid_from",
            field=models.DateField(default=datetime.date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="publishedruling",
            index=models.Index(
                condition=models.Q(("state", "live"), ("status", "suable")),
                fields=["effective_on"],
                name="published_turning",
            ),
        ),
        migrations.RemoveConstraint(model_name="publicpage", name="one_page_per_path"),
        migrations.AddConstraint(
            model_name="publicpage",
            constraint=models.UniqueConstraint(
                fields=["published", "path", "valid_from"], name="one_page_per_path_and_day"
            ),
        ),
        migrations.RunPython(render_again, migrations.RunPython.noop),
    ]
