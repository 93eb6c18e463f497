"""Pairs so far stood as a column of the enterprise; each becomes a row with the term of its commissioner."""

from django.db import migrations


def move(apps, schema_editor):
    pairing = apps.get_model("stations", "Pairing")
    paired = apps.get_model("stations", "Enterprise").objects.filter(commissioner__isnull=False)
    for one in paired.select_related("commissioner"):
        term = {"valid_from": one.commissioner.valid_from, "valid_to": one.commissioner.valid_to}
        pairing.objects.create(enterprise=one, commissioner=one.commissioner, **term)


class Migration(migrations.Migration):
    dependencies = [("stations", "0008_registers")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
