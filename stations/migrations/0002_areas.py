"""The 26 statistical areas of the district, from areas.csv beside this package."""

import csv
from pathlib import Path

from django.db import migrations

KINDS = {"街道": "subdistrict", "镇": "town", "开发区": "zone"}


def load(apps, schema_editor):
    area = apps.get_model("stations", "Area")
    with (Path(__file__).parents[1] / "areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            area.objects.update_or_create(
                code=row["code"], defaults={"name": row["name"], "kind": KINDS[row["kind"]]}
            )


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
